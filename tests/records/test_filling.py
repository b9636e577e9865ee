"""Two patients' fields side by side: what is said of each, and what can be taken over."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from casewell.records.filling import choices, empty_again, fill

if TYPE_CHECKING:
    from tests.world import Practice


def test_each_field_is_told_in_words_and_offered_where_it_is_empty(northside: Practice) -> None:
    concession = northside.account.concession_types.create(name="Pensioner")
    ben = northside.patient(
        date_of_birth=date(1961, 3, 12),
        pronouns={"nominative": "she", "accusative": "her"},
        medicare="2123456701",
        medicare_expiry_date=date(2027, 4, 30),
        first_nations_status="neither",
        accepted_privacy_policy=True,
        address_1="1 Hill St",
        city="Sydney",
        concession_type=concession,
    )

    sides = {
        side.label: (side.kept, side.gone, side.can_be_taken)
        for side in choices(northside.ada, ben)
    }

    assert sides == {
        "First name": ("Ada", "Ben", False),
        "Last name": ("Rossi", "Wu", False),
        "Date of birth": ("", "12 Mar 1961", True),
        "Pronouns": ("", "she/her", True),
        "Address": ("", "1 Hill St, Sydney", True),
        "Medicare number": ("", "2123456701, 30 Apr 2027", True),
        "First Nations status": ("", "Neither", True),
        "Concession type": ("", "Pensioner", True),
        "Receives confirmation emails": ("yes", "yes", False),
        "Receives cancellation emails": ("yes", "yes", False),
        "Accepted privacy policy": ("", "yes", True),
    }


def test_what_was_filled_is_emptied_again_but_for_what_was_changed_since(
    northside: Practice,
) -> None:
    concession = northside.account.concession_types.create(name="Pensioner")
    ben = northside.patient(
        date_of_birth=date(1961, 3, 12), concession_type=concession, occupation="Nurse"
    )
    ada = northside.ada

    filled = fill(ada, ben, ["date_of_birth", "concession_type", "occupation", "email", "unknown"])

    assert filled == {
        "date_of_birth": [None, "1961-03-12"],
        "concession_type": [None, concession.pk],
        "occupation": ["", "Nurse"],
    }
    assert (ada.date_of_birth, ada.concession_type) == (date(1961, 3, 12), concession)
    ada.occupation = "Teacher"
    assert empty_again(ada, filled) == ["date_of_birth", "concession_type"]
    assert (ada.date_of_birth, ada.concession_type, ada.occupation) == (None, None, "Teacher")
