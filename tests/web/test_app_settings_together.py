"""Connected apps that several managers change at once, and what comes of another's rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casewell.tenancy.scope import account_scope
from tests.connections.world import URL, approved, button
from tests.web.app_rows import HERE, OTHER, added, as_drawn, drawn, names, together
from tests.world import words_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from casewell.connections.models import ConnectedApp
    from tests.world import Practice


def test_two_managers_who_save_at_once_lose_nothing_of_one_another(
    northside: Practice, admin: Client
) -> None:
    approved()
    one, two = button(northside, "One"), button(northside, "Two", position=1)
    sent = as_drawn(admin)
    admin.post(HERE, together(as_drawn(admin) | {f"{one.pk}-name": "First"}, added(name="Theirs")))

    answer = admin.post(HERE, sent | {f"{two.pk}-name": "Second"})

    assert answer.status_code == 302
    assert names(northside) == ["First", "Second", "Theirs"]


def test_what_both_changed_is_shown_and_saved_when_it_is_sent_again(
    northside: Practice, admin: Client
) -> None:
    approved()
    one = button(northside, "One")
    mine = as_drawn(admin) | {f"{one.pk}-name": "Mine"}
    admin.post(HERE, as_drawn(admin) | {f"{one.pk}-name": "Theirs", f"{one.pk}-url": OTHER})

    refused = admin.post(HERE, mine)

    assert refused.status_code == 422
    told = words_in(refused.content.decode())
    assert "Rita Desk changed this at" in told
    assert f"the name is “Theirs”, the address is {OTHER} now." in told
    assert admin.post(HERE, drawn(refused)).status_code == 302
    one.refresh_from_db()
    assert (one.name, one.url) == ("Mine", URL)


def test_a_change_by_somebody_else_keeps_the_row_from_being_removed_unseen(
    northside: Practice, admin: Client
) -> None:
    approved()
    one = button(northside, "One")
    mine = as_drawn(admin) | {f"{one.pk}-remove": "on"}
    admin.post(HERE, as_drawn(admin) | {f"{one.pk}-name": "Theirs"})

    refused = admin.post(HERE, mine)

    assert refused.status_code == 422
    assert names(northside) == ["Theirs"]
    admin.post(HERE, drawn(refused))
    assert names(northside) == []


def test_an_app_that_somebody_removed_meanwhile_comes_back_only_when_it_is_sent_again(
    northside: Practice, admin: Client
) -> None:
    approved()
    one = button(northside, "One")
    untouched = as_drawn(admin)
    touched = untouched | {f"{one.pk}-name": "Mine"}
    one.archive(by=northside.by)

    assert admin.post(HERE, untouched).status_code == 302
    assert names(northside) == []
    refused = admin.post(HERE, touched)
    assert refused.status_code == 422
    assert "Somebody removed this app meanwhile." in words_in(refused.content.decode())
    assert admin.post(HERE, drawn(refused)).status_code == 302
    assert names(northside) == ["Mine"]


def test_an_order_that_only_others_changed_stays(northside: Practice, admin: Client) -> None:
    approved()
    keys = [str(button(northside, name, position=i).pk) for i, name in enumerate("ABC")]
    mine = as_drawn(admin) | {f"{keys[0]}-name": "First"}
    admin.post(HERE, as_drawn(admin) | {"row": keys[::-1]})

    admin.post(HERE, together(mine, added(name="New")))
    assert names(northside) == ["C", "B", "First", "New"]

    admin.post(HERE, as_drawn(admin) | {"row": [keys[1], keys[0], keys[2]]})
    assert names(northside) == ["B", "First", "C", "New"]


def test_another_practices_button_in_a_row_is_as_one_that_never_was(
    northside: Practice, elsewhere: Practice, admin: Client, in_elsewhere: ConnectedApp
) -> None:
    approved()
    answers = [
        admin.post(HERE, added(str(key), seen="{}", remove=remove))
        for key in (in_elsewhere.pk, 123)
        for remove in ("", "on")
    ]

    assert [answer.status_code for answer in answers] == [422, 302, 422, 302]
    assert names(northside) == []


@pytest.fixture
def in_elsewhere(elsewhere: Practice) -> Iterator[ConnectedApp]:
    with account_scope(elsewhere.account):
        made = button(elsewhere, "Foreign")
    yield made
    with account_scope(elsewhere.account):
        assert names(elsewhere) == ["Foreign"]
