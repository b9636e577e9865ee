"""Wrong input everywhere: refused in words or kept whole, never an error of ours."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewell.audit.models import Change
from tests.web.walls import PRACTICE_ROUTES, filled, furnish, kind_of
from tests.web.wrong_input import HOME, LONGEST_NOTE, SCRIPT, WRONG, forms_of, inline_scripts
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

FORMS = (
    "new patient",
    "patient",
    "alert",
    "new case",
    "case",
    "new contact",
    "contact",
    "booking",
    "block",
    "class",
    "places",
    "joining",
    "time",
    "type",
    "note",
    "case of a visit",
    "cancellation",
    "away",
    "letter",
    "letter template",
)
SENT = "application/x-www-form-urlencoded"
ANSWERS = {200, 302, 404, 422}


@pytest.mark.parametrize("name", FORMS)
def test_a_right_form_is_taken_and_taken_once(
    northside: Practice, admin: Client, name: str
) -> None:
    form = forms_of(northside)[name]
    body, counts, answers = form.body | {"once": "a-token"}, [], []

    for _ in range(2):
        answers.append(admin.post(form.path, body))
        counts.append(Change.objects.count())

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", FORMS)
def test_wrong_values_are_refused_or_kept_and_the_next_page_shows(
    northside: Practice, admin: Client, name: str
) -> None:
    form = forms_of(northside)[name]
    kinds = {kind: [f for f in form.body if form.kind(f) == kind] for kind in WRONG}
    for kind, fields in kinds.items():
        for value in WRONG[kind] if fields else ():
            answer = admin.post(form.path, form.body | dict.fromkeys(fields, value), follow=True)
            shown = answer.content.decode()
            assert answer.status_code in {200, 404, 422}, (kind, value)
            assert inline_scripts(shown) == [], (kind, value)


@pytest.mark.parametrize("name", FORMS)
def test_missing_fields_are_no_error_of_ours(northside: Practice, admin: Client, name: str) -> None:
    form = forms_of(northside)[name]
    bodies = [{k: v for k, v in form.body.items() if k != left_out} for left_out in form.body]

    assert {admin.post(form.path, body).status_code for body in [*bodies, {}]} <= ANSWERS


@pytest.mark.parametrize("name", FORMS)
def test_a_day_that_no_practice_can_mean_is_refused_in_words(
    northside: Practice, admin: Client, name: str
) -> None:
    form = forms_of(northside)[name]
    for field in form.body:
        for value in ("0001-01-01", "9999-12-31") if form.kind(field) == "date" else ():
            answer = admin.post(form.path, form.body | {field: value})
            assert answer.status_code == 422, (field, value)
            assert "Choose a date from 1900 to 2199." in answer.content.decode(), (field, value)


@pytest.mark.parametrize(
    "path",
    [
        "calendar/0001-01-01",
        "calendar/9999-12-31?view=week",
        "calendar/9999-12-31/bookings",
        "bookings/away?from=0001-01-01&until=0001-01-02",
        "bookings/away?from=9999-12-01&until=9999-12-31",
        "bookings/new?start=9999-12-31T23:50",
        "bookings/new?date=0001-01-01&time=00:00&minutes=1e9&patient=%00",
        "blocks/new?start=0001-01-01T00:00",
        "patients?q=%00&page=99999999999999999999999",
        "patients/search?q=%ED%A0%80",
        "cases?q=%00&state=%00",
    ],
)
def test_an_address_out_of_order_is_a_page_or_none(
    northside: Practice, admin: Client, path: str
) -> None:
    path = path.replace("away?", f"away?practitioner={northside.amy.pk}&")

    assert admin.get(f"{HOME}/{path}").status_code in {200, 404}


@pytest.mark.parametrize(
    ("name", "field"), [("patient", "notes"), ("case", "notes"), ("contact", "notes")]
)
def test_a_note_of_10000_characters_is_kept_whole(
    northside: Practice, admin: Client, name: str, field: str
) -> None:
    form, long = forms_of(northside)[name], "ä" * LONGEST_NOTE

    admin.post(form.path, form.body | {field: long})

    assert long in admin.get(form.path).content.decode()


@pytest.mark.parametrize(("name", "field"), [("alert", "name"), ("case", "name")])
def test_a_name_that_is_too_long_is_refused_and_not_cut(
    northside: Practice, admin: Client, name: str, field: str
) -> None:
    form = forms_of(northside)[name]
    before = Change.objects.count()

    answer = admin.post(form.path, form.body | {field: "x" * 300}, follow=True)

    assert "at most 255 characters (it has 300)" in answer.content.decode()
    assert Change.objects.count() == before


def test_a_birth_date_that_has_not_come_is_refused(northside: Practice, admin: Client) -> None:
    form = forms_of(northside)["new patient"]

    answer = admin.post(form.path, form.body | {"date_of_birth": "2150-01-01"})

    assert answer.status_code == 422
    assert "This day has not come yet." in answer.content.decode()


def test_a_script_in_every_name_is_text_on_every_page(northside: Practice, admin: Client) -> None:
    """Page, panel, tile, title and toast."""
    forms = forms_of(northside)
    for name, fields in {
        "patient": ["first_name", "last_name", "notes", "old_reference_id"],
        "alert": ["name"],
        "case": ["name", "notes", "claim_number"],
        "contact": ["last_name", "company_name"],
        "note": ["notes"],
    }.items():
        form = forms[name]
        answer = admin.post(form.path, form.body | dict.fromkeys(fields, SCRIPT), follow=True)
        assert answer.status_code == 200, answer.content.decode()
        assert SCRIPT not in answer.content.decode()
    visit = northside.ada.attendees.get()
    admin.post(forms["case of a visit"].path, forms["case of a visit"].body)
    day = NOON.date()
    paths = [
        forms["patient"].path,
        forms["patient"].path.removesuffix("/edit"),
        forms["case"].path.removesuffix("/edit"),
        forms["contact"].path.removesuffix("/edit"),
        f"{HOME}/bookings/{visit.booking_id}",
        f"{HOME}/bookings/new?like={visit.booking_id}",
        f"{HOME}/patients/search?q=alert",
        forms["away"].path,
    ]
    for path in paths:
        shown = admin.get(path).content.decode()
        assert SCRIPT not in shown, path
        assert html.escape(SCRIPT) in shown, path
        title = re.search(r"<title>(.*?)</title>", shown, re.DOTALL)
        assert title is None or "<" not in title[1]

    tiles = admin.get(f"{HOME}/calendar/{day}/bookings?business={northside.business.pk}")
    assert SCRIPT in str(tiles.json())
    assert tiles.headers["Content-Type"] == "application/json"
    assert tiles.headers["X-Content-Type-Options"] == "nosniff"


@pytest.fixture
def pages(northside: Practice, admin: Client) -> dict[str, list[str]]:
    """Where forms may be sent to, each with the names of the fields that its page has."""
    keys = furnish(northside)
    found = {}
    for route in PRACTICE_ROUTES:
        path = filled(route, "northside", keys[kind_of(route)] if "<int:" in route else 0)
        shown = b"".join(admin.get(path)).decode(errors="replace")
        found[path] = sorted(set(re.findall(r'name="([^"]+)"', shown)) - {"csrfmiddlewaretoken"})
    return found


@settings(
    derandomize=True,
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(texts=st.lists(st.text(st.characters(), min_size=1), min_size=7, max_size=7, unique=True))
def test_no_form_answers_random_text_with_an_error_of_ours(
    admin: Client, pages: dict[str, list[str]], texts: list[str]
) -> None:
    for path, fields in pages.items():
        names = fields or ["name", "outcome", "attendance", "case", "seen", "once", "q"]
        body = {name: texts[place % len(texts)] for place, name in enumerate(names)}
        sent = urlencode(body, errors="surrogatepass")
        answer = admin.post(path, sent, content_type=SENT)
        assert answer.status_code < 500, path
        b"".join(answer)  # a file is closed at its end
