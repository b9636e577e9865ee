"""The launch from Casewell, and the pages of patients."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for

from .casewell_api import NotAccepted, Unanswered, UnknownPatient
from .signing_in import Arrival, arrival_named, signed_in_only, store, wait_for_sign_in
from .verify import LaunchRefused

if TYPE_CHECKING:
    import sqlite3

    from flask.typing import ResponseReturnValue

    from .casewell_api import CasewellApi
    from .settings import Settings
    from .verify import Verifier

patients = Blueprint("patients", __name__)
PATIENT_ID = re.compile(r"[0-9]{1,20}")
LONGEST_NOTE = 5000


def api() -> CasewellApi:
    kept: CasewellApi = current_app.extensions["api"]
    return kept


# The launch


@patients.get("/patients")
def launch_or_list() -> ResponseReturnValue:
    """What Casewell opens: /patients?patient_id=ID[&launch_token=…]; without an id, our list."""
    if not request.args:
        return _list()
    try:
        arrival = _checked()
    except LaunchRefused as refused:
        return render_template("refused.html", refused=refused), 403
    if arrival is None:
        text = "The address names no patient. Open the patient in Casewell and choose this app."
        return render_template("notice.html", title="Which patient?", text=text), 400
    return _land(arrival) if g.user else wait_for_sign_in(arrival)


@signed_in_only
def _list() -> ResponseReturnValue:
    return render_template("patients.html", patients=store().patients())


def _checked() -> Arrival | None:
    """The launch as it may be believed, None where it names no patient."""
    ids, tokens = request.args.getlist("patient_id"), request.args.getlist("launch_token")
    if len(ids) != 1 or not PATIENT_ID.fullmatch(ids[0]):
        return None
    settings: Settings = current_app.extensions["settings"]
    if not tokens and settings.signed_only:
        raise LaunchRefused("unsigned", "This app opens patients by signed launch only.")
    if not tokens:
        # Unsigned, the id proves nothing. That is fine here: who may see the patient is decided
        # by our own sign-in below, not by the address.
        return Arrival(ids[0], signed=False)
    verifiers: dict[str, Verifier] = current_app.extensions["verifiers"]
    launch = verifiers[request.host].verify(tokens[0] if len(tokens) == 1 else "", ids[0])
    return Arrival(ids[0], signed=True, case_id=launch.case_id)


@patients.get("/arrivals/<name>")
def arrived(name: str) -> ResponseReturnValue:
    """A launch that waited for its user's sign-in."""
    if not g.user:
        return redirect(url_for("ways_in.login", arrival=name), 303)
    arrival = arrival_named(name)
    return _land(arrival) if arrival else redirect(url_for("patients.launch_or_list"), 303)


def _land(arrival: Arrival) -> ResponseReturnValue:
    """Read the patient, create or match, and go to our own page: reloading it launches nothing."""
    try:
        key = _read(arrival.patient_id)
    except UnknownPatient as why:
        again = url_for("patients.launch_or_list", patient_id=arrival.patient_id)
        again = "" if arrival.signed else again
        return render_template("unknown.html", arrival=arrival, why=why, again=again), 404
    store().visited(g.user["id"], key, arrival.signed, arrival.case_id)
    return redirect(url_for("patients.patient", key=key), 303)


def _read(casewell_id: str) -> int:
    """Our key of the patient; details are brought up to date, or it is noted why they were not."""
    known = store().patient_with(casewell_id)
    try:
        return store().keep(casewell_id, api().patient(casewell_id))
    except UnknownPatient as why:
        if known is None:
            raise  # nothing is made for an id that may be anything
        return store().keep_unread(casewell_id, str(why))
    except Unanswered as why:
        return store().keep_unread(casewell_id, str(why))


# A patient's page


@patients.get("/patients/<int:key>")
@signed_in_only
def patient(key: int) -> ResponseReturnValue:
    return _page(_patient(key))


def _patient(key: int) -> sqlite3.Row:
    return store().patient(key) or abort(404)


def _page(patient: sqlite3.Row, **typed: str) -> str:
    """The patient's page; `typed` are a refused form's fields, and its `problem`."""
    key = patient["id"]
    return render_template(
        "patient.html",
        patient=patient,
        visit=store().last_visit(key),
        lookalikes=store().lookalikes(key),
        exercises=store().exercises(key),
        notes=store().notes(key),
        once=uuid.uuid4().hex,
        typed=typed,
    )


def _back(key: int) -> ResponseReturnValue:
    return redirect(url_for("patients.patient", key=key), 303)


@patients.post("/patients/<int:key>/read")
@signed_in_only
def read_again(key: int) -> ResponseReturnValue:
    patient = _patient(key)
    return _back(_read(patient["casewell_id"]) if patient["casewell_id"] else key)


@patients.post("/patients/<int:key>/join")
@signed_in_only
def join(key: int) -> ResponseReturnValue:
    store().join(_patient(key)["id"], request.form.get("other", 0, type=int))
    return _back(key)


@patients.post("/patients/<int:key>/email")
@signed_in_only
def change_email(key: int) -> ResponseReturnValue:
    """Change it in Casewell, where it belongs, and here what Casewell then says."""
    patient, email = _patient(key), request.form.get("email", "").strip()
    casewell_id = patient["casewell_id"] or abort(404)
    try:
        store().keep(casewell_id, api().change_email(casewell_id, email))
    except Unanswered as why:
        return _page(patient, email=email, email_problem=f"Not changed: {why}."), 422
    return _back(key)


@patients.post("/patients/<int:key>/exercises")
@signed_in_only
def add_exercise(key: int) -> ResponseReturnValue:
    name, dose = (request.form.get(field, "").strip()[:100] for field in ("name", "dose"))
    if name:
        store().add_exercise(_patient(key)["id"], name, dose)
    return _back(key)


@patients.post("/patients/<int:key>/notes")
@signed_in_only
def add_note(key: int) -> ResponseReturnValue:
    patient, text = _patient(key), request.form.get("text", "").strip()
    if not text or len(text) > LONGEST_NOTE:
        problem = f"Write a note of at most {LONGEST_NOTE:,} characters."
        return _page(patient, text=text, problem=problem), 422
    # The form's own name makes a double click one note, here and by the API's Idempotency-Key.
    once = request.form.get("once", "")[:64] or uuid.uuid4().hex
    made = store().add_note(key, g.user["name"], text, once)
    if made is not None:
        _send(patient, made)
    return _back(key)


@patients.post("/patients/<int:key>/notes/<int:note>/send")
@signed_in_only
def send_again(key: int, note: int) -> ResponseReturnValue:
    _send(_patient(key), note)
    return _back(key)


def _send(patient: sqlite3.Row, key: int) -> None:
    """File the note in Casewell, or keep why it could not be; it can be sent again."""
    note = store().note(patient["id"], key) or abort(404)
    if note["sent_as"] or not patient["casewell_id"]:
        return
    try:
        sent_as = _filed(patient["casewell_id"], note)
    except Unanswered as why:
        if isinstance(why, NotAccepted):
            store().file_was_sent(key, "")  # the next time the file goes anew
        store().note_was_sent(key, "", str(why))
    else:
        store().note_was_sent(key, sent_as or "sent", "")


def _filed(casewell_id: str, note: sqlite3.Row) -> str:
    """Send the note as a file, once, and attach it; its id.

    Where the second step had no answer, it is repeated with exactly the same words, which is what
    lets the API know that it is the same.
    """
    sent_to = note["sent_to"]
    if not sent_to:
        sent_to = api().send_file(casewell_id, f"stride-{note['id']}.txt", note["text"].encode())
        store().file_was_sent(note["id"], sent_to)
    title = f"Exercise programme – {note['author']}"
    return api().attach(casewell_id, sent_to, title, note["once"])
