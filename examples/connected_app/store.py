"""What the app keeps: its own users, patients, exercises and notes, in one SQLite file."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing, contextmanager
from functools import cache
from typing import TYPE_CHECKING

from werkzeug.security import check_password_hash, generate_password_hash

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .casewell_api import Details

TABLES = """
CREATE TABLE IF NOT EXISTS user (
    id INTEGER PRIMARY KEY, email TEXT UNIQUE NOT NULL, name TEXT NOT NULL, password TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS patient (
    id INTEGER PRIMARY KEY, casewell_id TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL DEFAULT '', birth_date TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '', unread TEXT NOT NULL DEFAULT ''
);
-- Every id by which Casewell ever sent us a patient: merging there leaves the old ids valid.
CREATE TABLE IF NOT EXISTS seen (
    installation TEXT NOT NULL, id TEXT NOT NULL, patient INTEGER NOT NULL REFERENCES patient,
    PRIMARY KEY (installation, id)
);
CREATE TABLE IF NOT EXISTS exercise (
    id INTEGER PRIMARY KEY, patient INTEGER NOT NULL REFERENCES patient,
    name TEXT NOT NULL, dose TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS note (
    id INTEGER PRIMARY KEY, patient INTEGER NOT NULL REFERENCES patient,
    author TEXT NOT NULL, text TEXT NOT NULL, once TEXT UNIQUE NOT NULL,
    sent_as TEXT NOT NULL DEFAULT '', unsent TEXT NOT NULL DEFAULT '',
    at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
-- The address of a note's file that was sent and is not attached yet.
CREATE TABLE IF NOT EXISTS sent_file (
    note INTEGER PRIMARY KEY REFERENCES note, address TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS visit (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    user INTEGER NOT NULL REFERENCES user, patient INTEGER NOT NULL REFERENCES patient,
    signed INTEGER NOT NULL, case_id TEXT
);
"""
PASSWORD = "stride-demo"  # noqa: S105 - the demo's own, printed at the start
PEOPLE = (("sam@stride.example", "Sam Ortega"), ("robin@stride.example", "Robin Okafor"))
NOBODY = generate_password_hash(uuid.uuid4().hex)


class Store:
    """Each call is a transaction of its own, from whatever thread."""

    def __init__(self, path: Path, installation: str) -> None:
        self._path = path
        self._installation = installation
        with self._open() as file:
            file.executescript(TABLES)
            if not file.execute("SELECT 1 FROM user").fetchone():
                _fill(file)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as file, file:
            file.row_factory = sqlite3.Row
            file.execute("PRAGMA foreign_keys = ON")
            yield file

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._open() as file:
            return file.execute(sql, values).fetchall()

    def _row(self, sql: str, *values: object) -> sqlite3.Row | None:
        return next(iter(self._rows(sql, *values)), None)

    # People

    def signed_in(self, email: str, password: str) -> sqlite3.Row | None:
        """The user with that password; it takes as long for an e-mail that nobody has."""
        user = self._row("SELECT * FROM user WHERE email = ?", email.strip().lower())
        right = check_password_hash(user["password"] if user else NOBODY, password)
        return user if right else None

    def user(self, key: object) -> sqlite3.Row | None:
        return self._row("SELECT * FROM user WHERE id = ?", key)

    # Patients

    def patients(self) -> list[sqlite3.Row]:
        return self._rows("SELECT * FROM patient ORDER BY name, id")

    def patient(self, key: int) -> sqlite3.Row | None:
        return self._row("SELECT * FROM patient WHERE id = ?", key)

    def patient_with(self, casewell_id: str) -> int | None:
        """Our key of the patient with that id in this installation, if it was seen before."""
        sql = "SELECT patient FROM seen WHERE installation = ? AND id = ?"
        row = self._row(sql, self._installation, casewell_id)
        return row["patient"] if row else None

    def keep(self, asked: str, details: Details) -> int:
        """Create or bring up to date the patient whose details were read for the id `asked`."""
        with self._open() as file:
            file.execute("BEGIN IMMEDIATE")  # two tabs at once still make one patient
            former = self._linked(file, asked, None)
            key = self._linked(file, details.casewell_id, former)
            if key != former:
                _fold(file, former, key)
            file.execute(
                "UPDATE patient SET casewell_id = ?, name = ?, birth_date = ?, email = ?,"
                " unread = '' WHERE id = ?",
                (details.casewell_id, details.name, details.birth_date, details.email, key),
            )
        return key

    def keep_unread(self, asked: str, why: str) -> int:
        """The patient of that id, though nothing could be read of them now."""
        with self._open() as file:
            file.execute("BEGIN IMMEDIATE")
            key = self._linked(file, asked, None)
            file.execute("UPDATE patient SET unread = ? WHERE id = ?", (why, key))
        return key

    def _linked(self, file: sqlite3.Connection, casewell_id: str, to: int | None) -> int:
        """The patient of that id; where the id is new, the one given or a new one."""
        known = (self._installation, casewell_id)
        sql = "SELECT patient FROM seen WHERE installation = ? AND id = ?"
        if row := file.execute(sql, known).fetchone():
            return int(row["patient"])
        if to is None:
            made = "INSERT INTO patient (casewell_id) VALUES (?) RETURNING id"
            to = int(file.execute(made, (casewell_id,)).fetchone()["id"])
        file.execute("INSERT INTO seen VALUES (?, ?, ?)", (*known, to))
        return to

    def lookalikes(self, key: int) -> list[sqlite3.Row]:
        """Patients that were typed in here, with the same name and birth date as this one."""
        return self._rows(
            """SELECT b.* FROM patient a JOIN patient b
               ON lower(b.name) = lower(a.name) AND b.birth_date = a.birth_date
               WHERE a.id = ? AND b.id <> a.id AND a.birth_date <> '' AND b.casewell_id = ''""",
            key,
        )

    def join(self, key: int, other: int) -> None:
        """Take over what a lookalike has; it is one patient from now on."""
        if other in [row["id"] for row in self.lookalikes(key)]:
            with self._open() as file:
                _fold(file, other, key)

    def visited(self, user: int, patient: int, signed: bool, case_id: str | None) -> None:
        """Who opened whom from Casewell is on record here too."""
        sql = "INSERT INTO visit (user, patient, signed, case_id) VALUES (?, ?, ?, ?)"
        self._rows(sql, user, patient, signed, case_id)

    def last_visit(self, patient: int) -> sqlite3.Row | None:
        return self._row("SELECT * FROM visit WHERE patient = ? ORDER BY id DESC", patient)

    # What is kept of a patient

    def exercises(self, patient: int) -> list[sqlite3.Row]:
        return self._rows("SELECT * FROM exercise WHERE patient = ? ORDER BY id", patient)

    def add_exercise(self, patient: int, name: str, dose: str) -> None:
        sql = "INSERT INTO exercise (patient, name, dose) VALUES (?, ?, ?)"
        self._rows(sql, patient, name, dose)

    def notes(self, patient: int) -> list[sqlite3.Row]:
        return self._rows("SELECT * FROM note WHERE patient = ? ORDER BY id DESC", patient)

    def note(self, patient: int, key: int) -> sqlite3.Row | None:
        sql = """SELECT note.*, coalesce(address, '') AS sent_to FROM note
                 LEFT JOIN sent_file ON note = note.id WHERE patient = ? AND note.id = ?"""
        return self._row(sql, patient, key)

    def add_note(self, patient: int, author: str, text: str, once: str) -> int | None:
        """The new note's key; None where the same form was sent before."""
        sql = "INSERT OR IGNORE INTO note (patient, author, text, once) VALUES (?, ?, ?, ?)"
        made = self._row(f"{sql} RETURNING id", patient, author, text, once)
        return int(made["id"]) if made else None

    def file_was_sent(self, note: int, address: str) -> None:
        """Keep where the note's file went; an empty address is nowhere."""
        self._rows("REPLACE INTO sent_file (note, address) VALUES (?, ?)", note, address)

    def note_was_sent(self, key: int, sent_as: str, unsent: str) -> None:
        self._rows("UPDATE note SET sent_as = ?, unsent = ? WHERE id = ?", sent_as, unsent, key)


def _fold(file: sqlite3.Connection, other: int, into: int) -> None:
    for table in ("exercise", "note", "visit", "seen"):
        sql = f"UPDATE {table} SET patient = ? WHERE patient = ?"  # noqa: S608 - our own names
        file.execute(sql, (into, other))
    file.execute("DELETE FROM patient WHERE id = ?", (other,))


@cache
def _demo_password() -> str:
    return generate_password_hash(PASSWORD)


def _fill(file: sqlite3.Connection) -> None:
    """Two people to sign in as, and a patient from before the app was connected."""
    password = _demo_password()
    file.executemany(
        "INSERT INTO user (email, name, password) VALUES (?, ?, ?)",
        [(email, name, password) for email, name in PEOPLE],
    )
    sql = "INSERT INTO patient (name, birth_date) VALUES ('Alex Moreau', '1988-02-29')"
    patient = file.execute(sql).lastrowid
    file.execute(
        "INSERT INTO exercise (patient, name, dose) VALUES (?, 'Calf raise', '3 × 12')", (patient,)
    )
