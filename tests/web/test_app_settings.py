"""The clinic's settings of connected apps: rows that are saved together, and lose nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.roles import Role
from casewell.audit.models import Change
from tests.connections.world import URL, approved, button
from tests.web.app_rows import HERE, OTHER, added, as_drawn, drawn, names, statements, together
from tests.web.pages import said
from tests.world import words_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


def test_several_apps_are_saved_together_in_their_order_and_on_record(
    northside: Practice, admin: Client
) -> None:
    approved()

    answer = admin.post(
        HERE,
        together(added("new2", name="Second", url=OTHER), added("new1", roles=["practitioner"])),
    )

    assert answer.status_code == 302, answer.content
    assert said(answer) == ["The connected apps are saved."]
    assert names(northside) == ["Second", "Exercises"]
    kept = northside.account.connected_apps.get(name="Exercises")
    assert (kept.url, kept.roles, kept.switched_off) == (URL, ["practitioner"], False)
    told = Change.objects.of(kept).get()
    assert (told.verb, told.user) == ("created", northside.member.user)


def test_a_wrong_row_says_what_is_wrong_and_all_rows_keep_what_was_typed(
    northside: Practice, admin: Client
) -> None:
    approved()
    typed = together(
        added("new1"),
        added("new2", name="Wrong", url="https://evil.com/x"),
        added("new3", name="T"),
    )

    answer = admin.post(HERE, typed)

    assert answer.status_code == 422
    again = drawn(answer)
    assert {name: again[name] for name in typed} == typed
    page = answer.content.decode()
    assert page.count('aria-invalid="true"') == 1
    assert "Wrong , App URL: The host is not the approved one." in words_in(page)
    assert "/integrators/propose" in re.split('id="not-listed"', page)[0]
    assert names(northside) == []


def test_a_row_is_added_without_scripts_and_what_was_typed_stays(
    northside: Practice, admin: Client
) -> None:
    approved()
    one = button(northside, "One")
    typed = together(as_drawn(admin) | {f"{one.pk}-name": "Uno"}, added("new1", url="https://e"))
    del typed["csrfmiddlewaretoken"]
    list_is_chosen = {"start": "https://*.example.com/patients"}

    answer = admin.post(HERE, typed | list_is_chosen | {"add": ""})

    again = drawn(answer)
    new = again["row"][-1]
    assert {name: again[name] for name in typed} == typed | {"row": [*typed["row"], new]}
    assert again[f"{new}-url"] == again[f"{new}-name"] == ""
    assert names(northside) == ["One"]
    page = re.split('id="app-form"', answer.content.decode())[1]
    assert re.findall(r'<button[^>]*type="submit"', page)[0].find('name="add"') == -1

    listed = drawn(admin.post(HERE, again | {"add": "listed"} | list_is_chosen))
    assert listed["row"][:3] == again["row"]
    assert listed[f"{listed['row'][3]}-name"] == "Exercises"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"url": URL + " "}, "a space or a line break at its end"),
        ({"url": URL + "\n"}, "a space or a line break at its end"),
        ({"url": "\t" + URL}, "a space or a line break at its beginning"),
        ({"url": ""}, "Give the address, such as"),
        ({"url": "http://au.example.com/patients"}, "has to begin with https://"),
        ({"url": "https://münchen.example.com/patients"}, "An international name is given in its"),
        ({"name": " "}, "Give the app a name"),
        ({"name": "x" * 201}, "at most 200 characters"),
        ({"roles": ["owner"]}, "owner is not one of the available choices"),
    ],
)
def test_a_refused_row_says_why_at_its_field(
    northside: Practice, admin: Client, typed: dict[str, Any], sentence: str
) -> None:
    approved()

    answer = admin.post(HERE, added(**typed))

    assert answer.status_code == 422
    assert sentence in words_in(answer.content.decode())
    assert names(northside) == []


def test_a_name_of_200_characters_is_kept_whole(northside: Practice, admin: Client) -> None:
    approved()

    admin.post(HERE, added(name="Ü" * 200))

    assert names(northside) == ["Ü" * 200]
    assert "Ü" * 200 in admin.get(HERE).content.decode()


@pytest.mark.parametrize("name", ["exercises", "EXERCISES ", "Ｅxercises"])
def test_two_rows_of_one_name_are_refused_and_the_typed_one_says_so(
    northside: Practice, admin: Client, name: str
) -> None:
    approved()
    one = button(northside)

    answer = admin.post(HERE, together(added("new1", name=name), as_drawn(admin)))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert re.findall(r'name="([^"]+)"[^>]*aria-invalid="true"', page) == ["new1-name"]
    assert "Another app has this name: each has one of its own." in words_in(page)
    assert list(northside.account.connected_apps.all()) == [one]


def test_names_may_be_swapped_and_a_removed_ones_taken_at_once(
    northside: Practice, admin: Client
) -> None:
    approved()
    one, two, gone = (button(northside, name) for name in ("One", "Two", "Gone"))
    sent = as_drawn(admin) | {f"{one.pk}-name": "two", f"{two.pk}-name": "One"}

    answer = admin.post(HERE, together(sent | {f"{gone.pk}-remove": "on"}, added(name="gone")))

    assert answer.status_code == 302, words_in(answer.content.decode())
    assert names(northside) == ["two", "One", "gone"]
    assert Change.objects.of(one).get().changes["name"] == ["One", "two"]


def test_what_is_sent_as_it_was_drawn_changes_nothing(northside: Practice, admin: Client) -> None:
    approved()
    button(northside, "One", roles=["receptionist"], position=0)
    button(northside, "Two", switched_off=True, position=1)

    answer = admin.post(HERE, together(as_drawn(admin), added("new1", name="", url="")))

    assert answer.status_code == 302
    assert not northside.account.changes.exists()
    assert names(northside) == ["One", "Two"]


def test_rows_are_moved_switched_off_and_limited_to_roles(
    northside: Practice, admin: Client
) -> None:
    approved()
    one, two, three = (button(northside, n, position=i) for i, n in enumerate(("A", "B", "C")))
    sent = as_drawn(admin)
    sent["row"] = [str(three.pk), str(one.pk), str(two.pk)]
    del sent[f"{one.pk}-is_on"]
    sent[f"{two.pk}-roles"] = ["receptionist", "bookkeeper"]

    admin.post(HERE, sent)

    assert names(northside) == ["C", "A", "B"]
    for app in (one, two, three):
        app.refresh_from_db()
    assert (one.switched_off, two.roles) == (True, ["receptionist", "bookkeeper"])
    assert [Change.objects.of(app).get().verb for app in (three, one, two)] == [
        "moved",
        "edited",
        "edited",
    ]
    assert "Receptionist, Bookkeeper" in admin.get(HERE).content.decode()


def test_all_roles_ticked_means_everybody(northside: Practice, admin: Client) -> None:
    approved()

    admin.post(HERE, added(roles=[role.value for role in Role]))

    assert northside.account.connected_apps.get().roles == []


def test_an_app_that_was_used_says_so_when_it_goes_and_its_launches_stay_readable(
    northside: Practice, admin: Client
) -> None:
    approved()
    app = button(northside)
    app.launch(northside.ada, by=northside.by)
    sent = as_drawn(admin)
    assert "stays in the patients' histories" in words_in(admin.get(HERE).content.decode())

    # also where its fields could not be saved
    admin.post(HERE, sent | {f"{app.pk}-remove": "on", f"{app.pk}-name": "x" * 300})

    assert names(northside) == []
    app.refresh_from_db()
    assert app.archived_at is not None
    assert f"{HERE}/{app.pk}/launches" in admin.get(HERE).content.decode()
    assert "Rossi" in admin.get(f"{HERE}/{app.pk}/launches").content.decode()


def test_the_page_takes_the_same_few_statements_for_1_3_and_50_rows(
    northside: Practice, admin: Client
) -> None:
    approved()
    admin.get(HERE)
    counts = []
    for n in (1, 3, 50):
        for i in range(len(names(northside)), n):
            button(northside, f"App {i}", position=i).launch(northside.ada, by=northside.by)
        counts.append(statements(admin))

    assert counts == [6, 6, 6]


def test_50_apps_are_saved_and_80_are_the_most(northside: Practice, admin: Client) -> None:
    approved()
    fifty = together(*(added(f"new{n}", name=f"App {n}") for n in range(50)))
    assert admin.post(HERE, fifty).status_code == 302
    assert len(names(northside)) == 50

    more = together(as_drawn(admin), *(added(f"new{n}", name=f"More {n}") for n in range(31)))
    answer = admin.post(HERE, more)
    assert answer.status_code == 422
    assert "at most 80 connected apps" in words_in(answer.content.decode())
    admin.post(HERE, more | {"row": more["row"][:-1]})
    assert len(names(northside)) == 80
