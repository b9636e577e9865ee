"""What stops a change, as the contract's answers: rules of the practice, values, the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from psycopg import errors

from casewell.api.errors import Invalid, Refusal
from casewell.lib.errors import RuleViolation

if TYPE_CHECKING:
    from collections.abc import Mapping

# At which property a rule of the practice is told; the others are about the whole.
TOLD_AT: Mapping[str, str] = {
    "case_full": "patient_case",
    "cap_reached": "patient_case",
    "case_expired": "patient_case",
    "case_closed": "patient_case",
    "wrong_patient": "patient_case",
    "file_refused": "upload_url",
    "upload_missing": "upload_url",
    "booking_conflict": "starts_at",
    "not_a_group": "booking",
    "booking_full": "booking",
    "already_in_booking": "patient",
    "class_is_off": "booking",
    "too_few_places": "max_attendees",
}


def refusal_of(error: Exception) -> Refusal | None:
    """The answer that tells of the error; None where it is none of the client's doing."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RuleViolation):
        at = TOLD_AT.get(error.code, "base")
        return Invalid({at: str(error)}, code=error.code)
    if isinstance(error, ValidationError):
        return _of_values(error)
    if isinstance(error, DataError):
        return Invalid({"base": "A value cannot be kept."})
    if isinstance(error, IntegrityError):
        return _of_the_database(error)
    return None


def _of_values(error: ValidationError) -> Invalid:
    if hasattr(error, "error_dict"):
        said = {name: " ".join(texts) for name, texts in error.message_dict.items()}
        return Invalid({"base" if name == "__all__" else name: text for name, text in said.items()})
    return Invalid({"base": " ".join(error.messages)})


def _of_the_database(error: IntegrityError) -> Refusal | None:
    """What the database holds to by itself: a value that is taken, a relation that is not there."""
    cause = error.__cause__
    if isinstance(cause, errors.UniqueViolation):
        return Invalid({"base": "It is there already."})
    if isinstance(cause, errors.ForeignKeyViolation):
        return Invalid({"base": "What it belongs to is not there."})
    if isinstance(cause, errors.CheckViolation):
        return Invalid({"base": "The values do not go together."})
    return None
