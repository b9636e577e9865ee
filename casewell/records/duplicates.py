"""Patients who may be one and the same person twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q

from casewell.lib.words import as_one_word, tails_of, words_of
from casewell.patients.models import Patient, PatientWord

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 10
SHORTEST_NUMBER = 8  # digits of a phone number without its area


class Likely(NamedTuple):
    """Somebody who may be the same, and what speaks for it."""

    patient: Patient
    why: str


def likely_duplicates(patient: Patient) -> list[Likely]:
    """Live patients with the same name and birth date, phone, email or card; the likeliest first.

    One statement; a card's number has no index, so it reads the practice's patients once.
    """
    wanted = Q()
    if words := _numbers(patient) | as_one_word(patient.email):
        wanted |= Q(pk__in=PatientWord.objects.filter(word__in=words).values("record"))
    if patient.date_of_birth:
        wanted |= Q(date_of_birth=patient.date_of_birth)
    if patient.medicare:
        wanted |= Q(medicare=patient.medicare)
    if not wanted:
        return []
    rows = Patient.objects.live().filter(wanted).exclude(pk=patient.pk).order_by("id")[: 20 * MOST]
    found = [(list(_reasons(patient, one)), one) for one in rows]
    likely = sorted((item for item in found if item[0]), key=lambda item: -len(item[0]))
    return [Likely(one, ", ".join(why)) for why, one in likely[:MOST]]


def _reasons(patient: Patient, other: Patient) -> Iterator[str]:
    if patient.date_of_birth and patient.date_of_birth == other.date_of_birth:
        ours, theirs = (words_of(p.first_name, p.last_name, p.called) for p in (patient, other))
        if len(ours & theirs) > 1:
            yield "same name and birth date"
    if _numbers(patient) & _numbers(other):
        yield "same phone"
    if patient.email and patient.email.lower() == other.email.lower():
        yield "same email"
    if patient.medicare and patient.medicare == other.medicare:
        same = patient.medicare_reference_number == other.medicare_reference_number
        yield "same Medicare number" if same else "same Medicare card"


def _numbers(patient: Patient) -> set[str]:
    """The tails of phone numbers that are long enough to be somebody's."""
    tails = tails_of(entry["number"] for entry in patient.phone_numbers)
    return {tail for tail in tails if len(tail) >= SHORTEST_NUMBER}
