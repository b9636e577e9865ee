"""Opening a patient in a connected app: the button, the launch, and what is kept of it."""

from __future__ import annotations

import re
from contextvars import Context
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from casewell.accounts.roles import Role
from casewell.connections.models import COMMAND_LINE, AppLaunch
from casewell.tenancy.scope import account_scope
from tests.connections.world import URL, approved, button
from tests.world import BACKEND, words_in

if TYPE_CHECKING:
    from tests.world import Practice

SLUG = "/northside"
NEVER = 1_234_567


def launch_of(practice: Practice, app: Any, **sent: Any) -> tuple[str, dict[str, Any]]:
    return f"{SLUG}/patients/{practice.ada.pk}/open/{app.pk}", sent


def allowed(answer: Any) -> list[str]:
    """The sources of the page's `form-action`."""
    policy = answer.headers["Content-Security-Policy"]
    [found] = [part.split()[1:] for part in policy.split(";") if "form-action" in part]
    return list(found)


def test_one_app_is_a_button_and_several_are_a_menu(northside: Practice, desk: Client) -> None:
    approved()
    page = f"{SLUG}/patients/{northside.ada.pk}"
    nothing = desk.get(page).content.decode()
    button(northside)
    one = desk.get(page).content.decode()
    button(northside, "Scans", position=1)
    several = desk.get(page).content.decode()

    assert "Open in" not in nothing
    assert "Open in Exercises" in words_in(one)
    assert '<details class="menu open-in"' not in one
    menu = several.split('<details class="menu open-in"')[1].split("</details>")[0]
    assert re.findall(r"<bdi>(.*?)</bdi>", menu) == ["Exercises", "Scans"]


def test_the_case_and_the_appointment_have_the_button_too_and_say_where_it_was_pressed(
    northside: Practice, desk: Client
) -> None:
    approved()
    app = button(northside)
    knee = northside.case()
    visit = northside.attend(knee)

    case = desk.get(f"{SLUG}/cases/{knee.pk}").content.decode()
    panel = desk.get(f"{SLUG}/bookings/{visit.booking_id}").content.decode()

    url, _ = launch_of(northside, app)
    for page in (case, panel):
        assert f'action="{url}"' in page
        assert f'name="case" value="{knee.pk}"' in page
    assert f'name="booking" value="{visit.booking_id}"' in panel
    desk.post(url, {"case": knee.pk, "booking": visit.booking_id})
    launch = AppLaunch.objects.get()
    assert (launch.case, launch.booking_id) == (knee, visit.booking_id)


def test_a_launch_sees_other_with_the_patients_id_and_nothing_else(
    northside: Practice, desk: Client
) -> None:
    approved()
    url, _ = launch_of(northside, button(northside))

    answer = desk.post(url)

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{URL}?patient_id={northside.ada.pk}"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content == b""
    assert desk.get(url).status_code == 405


def test_every_click_is_a_launch_of_its_own_and_the_history_tells_them(
    northside: Practice, desk: Client
) -> None:
    approved()
    url, _ = launch_of(northside, button(northside))
    for _ in range(3):
        assert desk.post(url).status_code == 303

    history = words_in(
        desk.get(f"{SLUG}/patients/{northside.ada.pk}/history?of=apps").content.decode()
    )

    assert AppLaunch.objects.count() == 3
    assert history.count("Rita Desk opened the patient in “Exercises”") == 3
    assert f"{URL}?patient_id={northside.ada.pk}" in history


def test_pages_let_launches_pass_to_the_clinics_apps_alone(
    northside: Practice, desk: Client
) -> None:
    pages = [f"{SLUG}/patients/{northside.ada.pk}", f"{SLUG}/calendar/2026-03-03", f"{SLUG}/cases"]
    before = [allowed(desk.get(page)) for page in pages]
    approved()
    button(northside)
    after = [allowed(desk.get(page)) for page in pages]

    assert before == [["'self'"]] * 3
    assert after == [["'self'", URL.removesuffix("/patients")]] * 3
    assert f'content="{URL.removesuffix("/patients")}"' in desk.get(pages[0]).content.decode()


def test_an_app_that_is_suspended_after_the_page_was_opened_is_not_launched(
    northside: Practice, desk: Client
) -> None:
    entry = approved()
    url, _ = launch_of(northside, button(northside))
    entry.suspend(by=COMMAND_LINE, why="asked for too much")

    answer = Context().run(desk.post, url)  # in no practice yet, as requests arrive

    assert answer.status_code == 403
    assert "“Exercises” is suspended" in words_in(answer.content.decode())
    assert "Location" not in answer.headers
    assert not AppLaunch.objects.exists()
    assert "Open in" not in desk.get(f"{SLUG}/patients/{northside.ada.pk}").content.decode()


def test_a_role_without_the_button_is_refused_however_it_asks(
    northside: Practice, desk: Client
) -> None:
    approved()
    app = button(northside, roles=[Role.PRACTITIONER.value])
    url, _ = launch_of(northside, app)

    assert "Open in" not in desk.get(f"{SLUG}/patients/{northside.ada.pk}").content.decode()
    answer = desk.post(url)

    assert answer.status_code == 403
    assert "is not for your role" in words_in(answer.content.decode())
    assert not AppLaunch.objects.exists()


def test_a_form_that_is_not_ours_launches_nothing(northside: Practice) -> None:
    approved()
    url, _ = launch_of(northside, button(northside))
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(northside.member.user, BACKEND)

    assert strict.post(url).status_code == 403
    assert strict.post(url, headers={"Origin": "https://evil.example"}).status_code == 403
    assert not AppLaunch.objects.exists()


@pytest.mark.parametrize("what", ["patient", "app", "case", "booking"])
def test_another_practices_ids_are_as_if_they_had_never_been_and_leave_no_record(
    northside: Practice, elsewhere: Practice, desk: Client, what: str
) -> None:
    approved()
    app, keys = button(northside), {"patient": northside.ada.pk}
    with account_scope(elsewhere.account):
        visit = elsewhere.attend(elsewhere.case())
        theirs = {
            "patient": elsewhere.ada.pk,
            "app": button(elsewhere).pk,
            "case": visit.case_id,
            "booking": visit.booking_id,
        }
    answers = []
    for key in (theirs[what], NEVER):
        keys = {"patient": northside.ada.pk, "app": app.pk} | {what: key}
        path = f"{SLUG}/patients/{keys.pop('patient')}/open/{keys.pop('app')}"
        answers.append(desk.post(path, keys))

    assert [answer.status_code for answer in answers] == [404, 404]
    for practice in (northside, elsewhere):
        with account_scope(practice.account):
            assert not AppLaunch.objects.exists()
            assert not practice.account.changes.filter(verb="opened").exists()


def test_a_case_or_visit_of_somebody_else_is_not_named_to_the_app(
    northside: Practice, desk: Client
) -> None:
    approved()
    url, _ = launch_of(northside, button(northside))
    ben = northside.patient()
    other = northside.case(patient=ben)

    assert desk.post(url, {"case": other.pk}).status_code == 403
    assert desk.post(url, {"booking": northside.attend(other).booking_id}).status_code == 403
    assert not AppLaunch.objects.exists()


def test_the_page_of_apps_lists_them_for_a_page_that_was_opened_before(
    northside: Practice, desk: Client
) -> None:
    page = f"{SLUG}/patients/{northside.ada.pk}/open"
    empty = words_in(desk.get(page).content.decode())
    approved()
    app = button(northside)
    url, _ = launch_of(northside, app)
    shown = desk.get(page)

    assert "No app is connected" in empty
    assert f'formaction="{url}"' in shown.content.decode()
    assert URL.removesuffix("/patients") in allowed(shown)
    assert desk.get(f"{SLUG}/patients/{NEVER}/open").status_code == 404
