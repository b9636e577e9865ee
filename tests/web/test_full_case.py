"""A full case is no dead end: the dialogue of every door, what each way says and does."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from casewell.accounts.roles import Role
from casewell.appointments.models import Attendee, Booking
from casewell.audit.models import Change
from casewell.cases.models import PatientCase, Programme
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.world import Practice

SLUG = "/northside"


def in_days(
    practice: Practice, days: int, case: PatientCase | None = None, **state: Any
) -> Attendee:
    return practice.attend(case, timezone.now() + timedelta(days=days), **state)


def full(practice: Practice, **fields: Any) -> tuple[PatientCase, list[Attendee]]:
    """A case of three, one visit seen and two to come."""
    case = practice.case("DVA cycle", max_sessions=3, **fields)
    return case, [in_days(practice, day, case) for day in (-7, 7, 14)]


def text_of(answer: Any) -> str:
    main = answer.content.decode().split("<main", 1)[-1].split("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def sent_with(answer: Any, way: str, **more: Any) -> dict[str, Any]:
    """What the dialogue of an answer sends for a way."""
    part = answer.content.decode().split('class="full-case"')[0].rsplit("<form", 1)[1]
    whole = part + answer.content.decode().split('class="full-case"')[1].split("</section>")[0]
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', whole))
    ticked = re.findall(r'name="follow_visit" value="(\d+)" checked', whole)
    drawn = dict(re.findall(r'name="(next-\w+)" value="([^"]*)"', whole))
    follows = drawn | {"follow_visit": ticked, "follow_close": "yes"} if way == "follow" else {}
    return hidden | follows | {"way": way} | more


def visits_of(case: PatientCase) -> list[int]:
    return list(case.attendees.in_order().values_list("pk", flat=True))


def link(practice: Practice, case: PatientCase) -> tuple[str, dict[str, Any], Attendee]:
    extra = in_days(practice, 3)
    return f"bookings/{extra.booking_id}/case", {"case": str(case.pk)}, extra


def reinstate(practice: Practice, case: PatientCase) -> tuple[str, dict[str, Any], Attendee]:
    extra = in_days(practice, 3, case, cancelled_at=timezone.now())
    return f"bookings/{extra.booking_id}/reinstatement", {}, extra


def arrive_after_all(practice: Practice, case: PatientCase) -> tuple[str, dict[str, Any], Attendee]:
    extra = in_days(practice, 3, case, did_not_arrive=True)
    return f"bookings/{extra.booking_id}/attendance", {"attendance": "none"}, extra


def restore(practice: Practice, case: PatientCase) -> tuple[str, dict[str, Any], Attendee]:
    extra = in_days(practice, 3, case)
    extra.booking.archive(by=practice.by)
    return f"bookings/{extra.booking_id}/restore", {}, extra


def book(practice: Practice, case: PatientCase) -> tuple[str, dict[str, Any], Attendee | None]:
    start = timezone.localtime(timezone.now() + timedelta(days=3), practice.business.zone)
    fields = {
        "patient": practice.ada.pk,
        "practitioner": practice.amy.pk,
        "business": practice.business.pk,
        "appointment_type": practice.standard.pk,
        "date": f"{start:%Y-%m-%d}",
        "time": f"{start:%H:%M}",
        "minutes": "33",
        "notes": "Brings the scans",
        "case": str(case.pk),
    }
    return "bookings/new", fields, None


DOORS = [book, link, reinstate, arrive_after_all, restore]


@pytest.mark.parametrize("door", DOORS)
def test_every_door_says_what_is_full_and_what_replacing_means_and_then_does_it(
    northside: Practice, desk: Client, door: Callable[..., Any]
) -> None:
    cycle, booked = full(northside)
    path, fields, _ = door(northside, cycle)
    if door in (reinstate, arrive_after_all, restore):
        assert str(PatientCase.objects.get(pk=cycle.pk).usage) == "3 of 3"

    refused = desk.post(f"{SLUG}/{path}", fields)

    said = text_of(refused)
    assert refused.status_code == 422
    assert "“DVA cycle” is full: 3 of 3" in said
    last = booked[2].booking.local_start
    when = f"{formats().weekday(last)}, {formats().clock(last)}"
    assert f"Ada Rossi on {when} with Amy Shaw stays booked and leaves the case." in said
    assert booked[2].pk in visits_of(cycle)

    done = desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "replace"))

    assert done.status_code == 302, text_of(done)
    released = Attendee.objects.get(pk=booked[2].pk)
    assert (released.case_id, released.state) == (None, "booked")
    assert str(PatientCase.objects.get(pk=cycle.pk).usage) == "3 of 3"
    assert Change.objects.of(released).values_list("verb", flat=True)[0] == "released"
    shown = desk.get(done.headers["Location"])
    assert "stays booked and has left “DVA cycle”." in html.unescape(shown.content.decode())


@pytest.mark.parametrize("door", DOORS)
def test_the_limit_is_raised_with_a_reason_and_not_without(
    northside: Practice, desk: Client, door: Callable[..., Any]
) -> None:
    cycle, _ = full(northside)
    path, fields, _ = door(northside, cycle)
    refused = desk.post(f"{SLUG}/{path}", fields)

    without = desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "raise", raise_to="4"))
    assert without.status_code == 422
    assert "Say why the limit is raised." in text_of(without)
    reason = {"raise_to": "4", "raise_reason": "DVA agreed by phone"}
    done = desk.post(f"{SLUG}/{path}", fields | sent_with(without, "raise", **reason))

    assert done.status_code == 302
    assert str(PatientCase.objects.get(pk=cycle.pk).usage) == "4 of 4"
    portions = cycle.approvals.order_by("id").values_list("sessions", "reason")
    assert list(portions) == [(3, "The limit until then"), (1, "DVA agreed by phone")]


@pytest.mark.parametrize("door", DOORS)
def test_the_next_case_takes_the_visits_to_come_and_the_one_at_hand(
    northside: Practice, desk: Client, door: Callable[..., Any]
) -> None:
    cycle, booked = full(northside, referral_type="dva")
    path, fields, _ = door(northside, cycle)
    refused = desk.post(f"{SLUG}/{path}", fields)
    assert "A new letter, with its own date." in text_of(refused)

    done = desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "follow"))

    assert done.status_code == 302, text_of(done)
    successor = PatientCase.objects.get(predecessor=cycle.pk)
    assert str(successor.usage) == "3 of 3"
    assert {booked[1].pk, booked[2].pk} < set(visits_of(successor))
    assert PatientCase.objects.get(pk=cycle.pk).closed_reason == "Followed by “DVA cycle”"


def test_the_visit_at_hand_has_its_place_in_the_next_case_before_those_to_come(
    northside: Practice, desk: Client
) -> None:
    cycle, booked = full(northside)
    path, fields, extra = link(northside, cycle)
    refused = desk.post(f"{SLUG}/{path}", fields)

    sent = sent_with(refused, "follow") | {"next-max_sessions": "2"}
    done = desk.post(f"{SLUG}/{path}", fields | sent)

    assert done.status_code == 302, text_of(done)
    assert visits_of(PatientCase.objects.get(predecessor=cycle.pk)) == [extra.pk, booked[1].pk]
    assert visits_of(cycle) == [booked[0].pk, booked[2].pk]
    said = html.unescape(desk.get(done.headers["Location"]).content.decode())
    assert "It is full with them: 1 stayed in “DVA cycle”." in said


@pytest.mark.parametrize("door", [book, reinstate, arrive_after_all, restore])
def test_it_is_done_without_the_case(
    northside: Practice, desk: Client, door: Callable[..., Any]
) -> None:
    cycle, booked = full(northside)
    path, fields, _ = door(northside, cycle)
    refused = desk.post(f"{SLUG}/{path}", fields)

    done = desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "none"))

    assert done.status_code == 302
    extra = Attendee.objects.latest("updated_at")
    assert (extra.case_id, extra.state) == (None, "booked")
    assert visits_of(cycle) == [one.pk for one in booked]


def test_nothing_that_was_typed_is_lost_and_doing_none_of_it_leads_back(
    northside: Practice, desk: Client
) -> None:
    cycle, _ = full(northside)
    path, fields, _ = book(northside, cycle)

    refused = desk.post(f"{SLUG}/{path}", fields)
    back = desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "back"))

    for answer in (refused, back):
        page = answer.content.decode()
        assert "Brings the scans" in page
        assert 'name="minutes" value="33"' in page
        assert f'value="{cycle.pk}" id="case-{cycle.pk}" checked' in page
    assert 'class="full-case"' not in back.content.decode()
    assert Booking.objects.count() == 3


def test_a_case_whose_visits_cannot_leave_says_why(northside: Practice, desk: Client) -> None:
    knee = northside.case(max_sessions=1)
    in_days(northside, -1, knee)
    path, fields, _ = link(northside, knee)

    said = text_of(desk.post(f"{SLUG}/{path}", fields))

    assert "Not possible: All visits in it have started." in said


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


def test_a_funders_cap_that_blocks_offers_what_helps_there(
    northside: Practice, desk: Client
) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    Programme.objects.filter(pk=rules.pk).update(cap_action="block", cap_sessions=1)
    plan = northside.case("Plan", programme_id=rules.pk)
    now = timezone.now()
    northside.attend(plan, now + timedelta(minutes=2))
    extra = northside.attend(None, now + timedelta(minutes=1))
    path, fields = f"bookings/{extra.booking_id}/case", {"case": str(plan.pk)}

    refused = desk.post(f"{SLUG}/{path}", fields)

    assert "grants no more sessions in" in text_of(refused)
    assert re.findall(r'name="way" value="(\w+)" id', refused.content.decode()) == ["replace"]
    assert desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "replace")).status_code == 302
    assert visits_of(plan) == [extra.pk]


def test_where_expiry_blocks_the_next_case_helps(northside: Practice, desk: Client) -> None:
    northside.account.case_expiry_action = "block"
    northside.account.save()
    old = northside.case("Old letter", expiry_date=timezone.localdate() - timedelta(days=2))
    path, fields, extra = link(northside, old)

    refused = desk.post(f"{SLUG}/{path}", fields)
    assert "is expired by then" in text_of(refused)
    done = desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "follow"))

    assert done.status_code == 302, text_of(done)
    extra.refresh_from_db()
    assert extra.case is not None
    assert extra.case.predecessor_id == old.pk


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


def test_the_next_case_is_started_from_the_case_page_in_one_step(
    northside: Practice, desk: Client
) -> None:
    cycle, booked = full(northside)
    page = desk.get(f"{SLUG}/cases/{cycle.pk}")
    assert f"{SLUG}/cases/{cycle.pk}/successor" in page.content.decode()
    form = desk.get(f"{SLUG}/cases/{cycle.pk}/successor").content.decode()
    assert form.count('name="follow_visit"') == 2

    wrong = desk.post(f"{SLUG}/cases/{cycle.pk}/successor", {"next-name": ""})
    done = desk.post(
        f"{SLUG}/cases/{cycle.pk}/successor",
        {
            "next-name": "DVA cycle 2",
            "next-max_sessions": "1",
            "next-issue_date": "2026-11-02",
            "follow_visit": [str(one.pk) for one in booked],
            "follow_close": "yes",
        },
    )

    assert wrong.status_code == 422
    assert done.status_code == 302, text_of(done)
    successor = PatientCase.objects.get(name="DVA cycle 2")
    assert successor.issue_date == date(2026, 11, 2)
    assert len(visits_of(successor)) == 1
    shown = html.unescape(desk.get(done.headers["Location"]).content.decode())
    assert "It is full with them: 2 stayed in “DVA cycle”." in shown


def test_choosing_a_case_tells_before_saving_what_the_visit_would_pass(
    northside: Practice, desk: Client
) -> None:
    ends = timezone.localdate() + timedelta(days=10)
    knee = northside.case("Knee", expiry_date=ends)
    query = f"?patient={northside.ada.pk}&case={knee.pk}&case_of={northside.ada.pk}"
    said = [
        text_of(desk.get(f"{SLUG}/bookings/new{query}&date={ends + timedelta(days=n)}&time=10:00"))
        for n in (0, 1)
    ]

    assert "before that day" not in said[0]
    words = (
        f"The case expires on {formats().day(ends)}, before that day. It can be saved all the same."
    )
    assert words in said[1]
    cycle, _ = full(northside)
    extra = in_days(northside, 3)
    page = text_of(desk.get(f"{SLUG}/bookings/{extra.booking_id}?case={cycle.pk}"))
    assert "It would be number 4, over the limit. Saving it asks what to do instead." in page


def test_the_sixth_of_the_year_is_warned_about_and_the_first_of_the_next_is_not(
    northside: Practice, desk: Client
) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    physio = northside.case("Physio", programme=rules, discipline="physiotherapy")
    podiatry = northside.case("Podiatry", programme=rules, discipline="podiatry")
    start = timezone.datetime(2031, 3, 3, 1, tzinfo=timezone.get_current_timezone())  # type: ignore[attr-defined]
    for n in range(5):
        northside.attend(physio if n % 2 else podiatry, start + timedelta(days=n))
    query = f"?patient={northside.ada.pk}&case={podiatry.pk}&case_of={northside.ada.pk}&time=10:00"

    sixth, first = (
        text_of(desk.get(f"{SLUG}/bookings/new{query}&date={day}"))
        for day in ("2031-12-31", "2032-01-01")
    )

    assert "It would make 6 of 5 in 2031 by our records. It can be saved all the same." in sixth
    assert "by our records" not in first


def test_taking_a_visit_out_is_one_click_and_can_be_undone(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case("Knee", max_sessions=1)
    visit = in_days(northside, 3, knee)

    out = desk.post(f"{SLUG}/bookings/{visit.booking_id}/case", {"case": "none"})
    shown = desk.get(out.headers["Location"])

    visit.refresh_from_db()
    assert visit.case_id is None
    assert "Taken out of “Knee”. Undo" in text_of(shown)
    undo = shown.content.decode().split("Taken out of")[1]
    kept = dict(re.findall(r'name="(\w+)" value="([^"]*)"', undo.split("</form>")[0]))
    assert desk.post(f"{SLUG}/bookings/{visit.booking_id}/case", kept).status_code == 302
    visit.refresh_from_db()
    assert visit.case_id == knee.pk
