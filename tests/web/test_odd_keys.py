"""Ids that no record has, however they are written: refused in words, never an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.files import keep_file

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

ODD = ["9" * 5000, "9" * 19, "1" + "0" * 30, "0", "-1", "1e3", "²", "a\x00b", "a\r\nb"]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("field", ["contact", "payer"])
def test_who_refers_or_pays_is_one_of_the_contacts(
    northside: Practice, desk: Client, field: str, odd: str
) -> None:
    address = f"/northside/patients/{northside.ada.pk}/cases/new"

    answer = desk.post(address, {"name": "Knee", "limit_kind": "none", field: odd})

    assert answer.status_code == 422
    assert not northside.account.patient_cases.exists()


@pytest.mark.parametrize("odd", ODD)
def test_the_cases_that_a_file_was_in_are_read_with_care(
    northside: Practice, desk: Client, odd: str
) -> None:
    kept = keep_file(northside)

    answer = desk.post(f"/northside/files/{kept.pk}/edit", {"description": "Letter", "were": odd})

    assert answer.status_code in (302, 422)
