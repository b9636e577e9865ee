"""Choices in a full case's dialogue: what a role may do; stale, sent twice or wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casewell.accounts.roles import Role
from casewell.cases.models import PatientCase
from tests.web.full_case import full, in_days, link, sent_with
from tests.web.pages import SLUG, text_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


def test_a_role_is_offered_and_let_do_only_what_the_practice_says(
    northside: Practice, desk: Client
) -> None:
    northside.account.when_full_roles = {"replace": ["receptionist"], "raise": [], "follow": []}
    northside.account.save()
    cycle, _ = full(northside)
    path, fields, _ = link(northside, cycle)

    refused = desk.post(f"{SLUG}/{path}", fields)
    assert text_of(refused).count("The practice does not let your role do this.") == 2
    reason = {"raise_to": "4", "raise_reason": "I may not"}
    forced = desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "raise", **reason))

    assert forced.status_code == 422
    assert str(PatientCase.objects.get(pk=cycle.pk).usage) == "3 of 3"
    northside.account.admit(northside.member.user, role=Role.SCHEDULER)
    assert text_of(desk.post(f"{SLUG}/{path}", fields)).count("does not let your role") == 3


def test_a_choice_that_became_stale_is_told_with_the_new_state(
    northside: Practice, desk: Client
) -> None:
    cycle, booked = full(northside)
    path, fields, extra = link(northside, cycle)
    refused = desk.post(f"{SLUG}/{path}", fields)
    chosen = sent_with(refused, "replace")
    booked[2].unlink(by=northside.by)
    other = in_days(northside, 9)
    other.link_to(cycle, by=northside.by)

    stale = desk.post(f"{SLUG}/{path}", fields | chosen)

    assert stale.status_code == 422
    assert "That visit has left the case meanwhile. Nothing was changed." in text_of(stale)
    assert f'name="releasing" value="{other.pk}"' in stale.content.decode()
    other.unlink(by=northside.by)
    again = desk.post(f"{SLUG}/{path}", fields | chosen)
    assert again.status_code == 422
    assert "has room again: 2 of 3" in text_of(again)
    assert desk.post(f"{SLUG}/{path}", fields | sent_with(again, "again")).status_code == 302
    extra.refresh_from_db()
    assert extra.case_id == cycle.pk


def test_a_choice_that_is_sent_twice_acts_once(northside: Practice, desk: Client) -> None:
    cycle, _ = full(northside)
    path, fields, _ = link(northside, cycle)
    refused = desk.post(f"{SLUG}/{path}", fields)
    chosen = fields | sent_with(refused, "raise", raise_to="4", raise_reason="Agreed")
    assert chosen["once"]

    answers = [desk.post(f"{SLUG}/{path}", chosen) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert str(PatientCase.objects.get(pk=cycle.pk).usage) == "4 of 4"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"raise_to": "3", "raise_reason": "x"}, "has 3 sessions already"),
        ({"raise_to": "201", "raise_reason": "x"}, "at most 200"),
        ({"raise_to": "-4", "raise_reason": "x"}, "at most 200"),
        ({"raise_to": "9" * 40, "raise_reason": "x"}, "at most 200"),
        ({"raise_to": "4", "raise_reason": "   "}, "Say why"),
    ],
)
def test_a_wrong_limit_is_told_and_changes_nothing(
    northside: Practice, desk: Client, sent: dict[str, str], said: str
) -> None:
    cycle, _ = full(northside)
    path, fields, _ = link(northside, cycle)
    refused = desk.post(f"{SLUG}/{path}", fields)

    answer = desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "raise", **sent))

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not cycle.approvals.exists()
