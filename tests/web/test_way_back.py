"""Where a form leads, as its sender wrote it: a page of the practice, and never a header."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.files import sent

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

ODD = [
    "/northside/today\r\nSet-Cookie: a=b",
    "/northside/today\nX: y",
    "/northside/\x00",
    "/northside/\x7f",
    "/northside/\u2028today",
    "/northside/" + "\N{GRINNING FACE}" * 400,
    "/northside/" + "x" * 500,
    "//elsewhere.example/northside/",
    "/elsewhere/today",
]


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_way_back_is_none_in_a_redirect_and_in_the_answer_for_scripts(
    northside: Practice, desk: Client, odd: str
) -> None:
    address = f"/northside/patients/{northside.ada.pk}/files"
    page = f"/northside/patients/{northside.ada.pk}#files"
    for number, accept in enumerate(("application/json", "text/html")):
        body = {"files": [sent()], "next": odd, "once": f"token-{number}"}
        answer = desk.post(address, body, headers={"accept": accept})
        assert answer.status_code == (302 if number else 201)
        assert answer.headers["Location"] == page


def test_a_page_of_the_practice_with_its_filters_is_a_way_back(
    northside: Practice, desk: Client
) -> None:
    address = f"/northside/patients/{northside.ada.pk}/files"
    page = "/northside/cases?fact=full&q=caf%C3%A9#files"

    answer = desk.post(address, {"files": [sent()], "next": page})

    assert answer.headers["Location"] == page


def test_a_form_sent_twice_to_a_very_long_address_is_no_error(
    northside: Practice, desk: Client
) -> None:
    address = f"/northside/appointments?column=case&sort={'x' * 1900}"
    assert desk.post(address, {"once": "a-token"}).status_code == 302

    longer = f"{address}{'x' * 120}"
    answers = [desk.post(longer, {"once": "b-token"}) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert answers[1].headers["Location"] == "/northside/"
