"""A place where one file of one patient may be sent, and what keeps such places."""

from __future__ import annotations

import re
import secrets
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from casewell.lib.errors import RuleViolation
from casewell.lib.uploads import plain_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from casewell.patients.models import Patient

FOLDER = "uploads"
HOLDS = timedelta(hours=1)  # how long a form may be sent
NAME = "${filename}"  # stands for the name of the file that is sent
WRITTEN = re.compile(FOLDER + r"/(\d{1,19})/(\d{1,19})/([0-9a-f]{32})/(.*)", re.ASCII | re.DOTALL)


class UploadMissing(RuleViolation):
    """No file of this patient was sent to that address, or it has been claimed."""

    code = "upload_missing"

    def __init__(self, why: str = "No such upload: send the file first.") -> None:
        super().__init__(why)


class FormRefused(Exception):  # noqa: N818 - named for what happened, as all refusals are
    """The form that brings a file is not signed by us, too old, or was altered."""


@dataclass(frozen=True)
class Place:
    """Where a file may be sent; nobody can guess it. `filename` is what its sender called it."""

    account_id: int
    patient_id: int
    token: str
    filename: str = ""

    @classmethod
    def of(cls, patient: Patient) -> Place:
        """A new place for a file of that patient."""
        return cls(patient.account_id, patient.pk, secrets.token_hex(16))

    @classmethod
    def written_in(cls, address: str) -> Place | None:
        """The place in an address or key, encoded or not; None where there is none.

        >>> found = Place.written_in(f"https://x.example//uploads%2F1%2F2%2F{'a' * 32}%2Fb%20c.pdf")
        >>> found.account_id, found.patient_id, found.filename
        (1, 2, 'b c.pdf')
        """
        # Where the slashes are there, the name is as it was sent, per cent signs and all.
        found = WRITTEN.search(address) or WRITTEN.search(unquote(address))
        if found is None:
            return None
        account, patient, token, name = found.groups()
        return cls(int(account), int(patient), token, plain_name(name))

    @property
    def prefix(self) -> str:
        """What the file's key begins with; its name follows."""
        return f"{FOLDER}/{self.account_id}/{self.patient_id}/{self.token}/"

    @property
    def key(self) -> str:
        """The file's key, its name left open."""
        return self.prefix + NAME


class Store(ABC):
    """What keeps files until they are claimed: the data folder or an S3 bucket."""

    @abstractmethod
    def form(self, place: Place, root: str) -> tuple[str, dict[str, Any]]:
        """Where to send the file, an address that ends in a slash, and the fields to send with it.

        `root` is the address of Casewell as the client wrote it, a slash at its end.
        """

    @abstractmethod
    def copy(self, place: Place, kept_at: str) -> None:
        """Copy what was sent to where files are kept. Raises UploadMissing, or FileRefused."""

    @abstractmethod
    def remove(self, place: Place) -> None:
        """Forget what was sent there."""

    @abstractmethod
    def remove_before(self, account_id: int, moment: datetime) -> int:
        """Forget what an account was sent before that moment; how many files that were."""


def fields_of(sent: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a form by their names in lower case, as S3 reads them.

    >>> fields_of({"Key": "a", "X-Amz-Date": "b"})
    {'key': 'a', 'x-amz-date': 'b'}
    """
    return {name.lower(): str(text) for name, text in sent.items()}
