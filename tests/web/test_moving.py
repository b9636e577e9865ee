"""A booking moved in the calendar: what is answered, what is refused, and how it is undone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.models import Business, LimitAction, Practitioner
from casewell.accounts.roles import Role
from casewell.appointments.models import Booking
from casewell.audit.models import Change
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

DOUBLED = datetime(2026, 4, 4, 15, 30, tzinfo=UTC)  # Sunday 2:30 in Sydney, the first time


@pytest.fixture
def tom(northside: Practice) -> Practitioner:
    return Practitioner.objects.create(
        account=northside.account, first_name="Tom", last_name="Reid"
    )


@pytest.fixture
def visit(northside: Practice) -> Booking:
    return northside.attend().booking


def sent(desk: Client, one: Booking, **to: Any) -> tuple[int, dict[str, Any]]:
    """The answer's status and what it says."""
    answer = desk.post(f"/northside/bookings/{one.pk}/place", to)
    return answer.status_code, answer.json()


def span_of(one: Booking) -> tuple[datetime, datetime]:
    one.refresh_from_db()
    return one.starts_at, one.ends_at


def test_a_move_keeps_the_length_says_what_changed_and_how_to_undo_it(
    northside: Practice, desk: Client, visit: Booking, tom: Practitioner
) -> None:
    seen = visit.version

    status, said = sent(
        desk, visit, start="2026-03-24T10:15", practitioner=tom.pk, seen=seen, once="drop-1"
    )

    start = datetime(2026, 3, 23, 23, 15, tzinfo=UTC)
    assert status == 200
    assert said["said"] == "Ada Rossi moved to Tue 24 Mar 2026, 10:15 am with Tom Reid"
    assert span_of(visit) == (start, start + timedelta(minutes=45))
    assert said["booking"]["version"] == visit.version
    change = Change.objects.of(visit).get(verb="moved")
    assert set(change.changes) == {"practitioner", "starts_at", "ends_at"}

    status, back = sent(desk, visit, undo="yes", **said["undo"])
    assert status == 200
    assert back["said"] == "Ada Rossi is back: Tue 3 Mar 2026, 12:00 pm with Amy Shaw"
    assert span_of(visit) == (NOON, NOON + timedelta(minutes=45))
    assert visit.practitioner == northside.amy


def test_an_edge_moved_changes_the_length_alone(desk: Client, visit: Booking) -> None:
    status, said = sent(desk, visit, end="2026-03-03T13:00")

    assert [status, said["said"]] == [200, "Ada Rossi now takes 60 min, 12:00 – 1:00 pm"]
    assert span_of(visit) == (NOON, NOON + timedelta(minutes=60))

    sent(desk, visit, start="2026-03-03T12:15", end="2026-03-03T13:00")
    assert span_of(visit) == (NOON + timedelta(minutes=15), NOON + timedelta(minutes=60))


def test_a_drop_that_is_sent_twice_moves_once_and_tells_where_it_is(
    desk: Client, visit: Booking
) -> None:
    address, form = f"/northside/bookings/{visit.pk}/place", {"start": "2026-03-03T14:00"}
    form |= {"seen": visit.version, "once": "the-same-drop"}

    first = desk.post(address, form)
    again = desk.post(address, form, follow=True)

    assert [first.status_code, again.status_code] == [200, 200]
    assert again.json()["booking"]["version"] == first.json()["booking"]["version"]
    assert Change.objects.of(visit).filter(verb="moved").count() == 1


def test_who_was_faster_is_said_and_undo_does_not_go_over_it(
    northside: Practice, desk: Client, visit: Booking
) -> None:
    seen = visit.version
    _, mine = sent(desk, visit, start="2026-03-03T14:00", seen=seen)
    late, refused = sent(desk, visit, start="2026-03-03T15:00", seen=seen)
    visit.refresh_from_db()
    visit.set_notes("Runs late", by=northside.by)
    undone, why = sent(desk, visit, undo="yes", **mine["undo"])

    assert [late, undone] == [409, 409]
    assert refused["refusal"].startswith("Somebody was faster: Rita Desk – moved at ")
    assert refused["booking"]["start"] == "2026-03-03T14:00"
    assert why["refusal"].startswith("Somebody was faster: Rita Desk – noted at ")
    assert span_of(visit)[0] == NOON + timedelta(hours=2)


def test_what_is_in_the_calendar_no_more_is_not_moved(
    northside: Practice, desk: Client, visit: Booking
) -> None:
    visit.archive(by=northside.by)

    assert sent(desk, visit, start="2026-03-03T14:00")[0] == 409


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ({"start": "soon"}, "“soon” is no time to book."),
        ({"start": "0001-01-01T00:00"}, "“0001-01-01T00:00” is no time to book."),
        ({"start": "2026-02-31T10:00"}, "“2026-02-31T10:00” is no time to book."),
        ({"end": "2026-03-03T12:00"}, "A booking ends after it starts, and within a day."),
        ({"end": "2026-03-05T12:00"}, "A booking ends after it starts, and within a day."),
        ({"practitioner": "1234567"}, "Somebody who works here, at one of the businesses."),
        (
            {"start": "2026-10-04T02:10"},
            "Clocks are put forward on Sun 4 Oct 2026 and never show 2:10 am. "
            "The next time is 3:00 am.",
        ),
    ],
)
def test_a_place_that_is_none_is_refused_in_words_and_nothing_moves(
    desk: Client, visit: Booking, to: dict[str, str], sentence: str
) -> None:
    before = span_of(visit)

    status, said = sent(desk, visit, **to)

    assert [status, said["refusal"]] == [422, sentence]
    assert said["booking"]["start"] == "2026-03-03T12:00"
    assert span_of(visit) == before


def test_a_doubled_time_is_asked_about_and_the_answer_holds(desk: Client, visit: Booking) -> None:
    status, said = sent(desk, visit, start="2026-04-05T02:30")
    assert status == 422
    assert said["choices"] == [
        ["0", "the first 2:30 am (AEDT)"],
        ["1", "the second 2:30 am (AEST)"],
    ]

    for fold, start in (("0", DOUBLED), ("1", DOUBLED + timedelta(hours=1))):
        assert sent(desk, visit, start="2026-04-05T02:30", fold=fold)[0] == 200
        assert span_of(visit) == (start, start + timedelta(minutes=45))

    # whoever moves only its end is not asked again
    assert sent(desk, visit, start="2026-04-05T02:30", end="2026-04-05T03:30")[0] == 200
    assert span_of(visit)[1] == DOUBLED + timedelta(hours=2)


def test_on_lord_howe_half_an_hour_is_skipped_and_doubled(
    northside: Practice, desk: Client, visit: Booking
) -> None:
    island = Business.objects.create(
        account=northside.account, business_name="Island", time_zone="Australia/Lord_Howe"
    )

    skipped = sent(desk, visit, start="2026-10-04T02:10", business=island.pk)[1]
    doubled = sent(desk, visit, start="2026-04-05T01:45", business=island.pk)[1]
    sent(desk, visit, start="2026-04-05T01:45", business=island.pk, fold="1")

    assert skipped["refusal"].endswith("never show 2:10 am. The next time is 2:30 am.")
    assert [words for _, words in doubled["choices"]] == [
        "the first 1:45 am (UTC+11)",
        "the second 1:45 am (UTC+1030)",
    ]
    assert span_of(visit)[0] == datetime(2026, 4, 4, 15, 15, tzinfo=UTC)


def test_a_form_asks_which_of_two_times_and_keeps_the_answer(
    northside: Practice, desk: Client
) -> None:
    form = {
        "patient": northside.ada.pk,
        "practitioner": northside.amy.pk,
        "business": northside.business.pk,
        "appointment_type": northside.standard.pk,
        "date": "2026-04-05",
        "time": "02:30",
        "case": "none",
    }

    before = desk.get("/northside/bookings/new", form).content.decode()
    asked = desk.post("/northside/bookings/new", form)
    booked = desk.post("/northside/bookings/new", form | {"fold": "1"})

    assert "the second 2:30 am (AEST)" in before
    assert asked.status_code == 422
    assert "show 2:30 am twice. Say which." in asked.content.decode()
    assert booked.status_code == 302
    one = Booking.objects.get()
    assert one.starts_at == DOUBLED + timedelta(hours=1)
    edit = desk.get(f"/northside/bookings/{one.pk}").content.decode()
    assert re.search(r'name="fold" value="1"[^>]*checked', edit)


def test_a_block_is_asked_which_of_two_times_too(northside: Practice, desk: Client) -> None:
    form = {"practitioner": northside.amy.pk, "business": northside.business.pk, "minutes": "30"}
    form |= {"date": "2026-04-05", "time": "02:30"}

    asked = desk.post("/northside/blocks/new", form)
    made = desk.post("/northside/blocks/new", form | {"fold": "0"})

    assert "the first 2:30 am (AEDT)" in asked.content.decode()
    assert [asked.status_code, made.status_code] == [422, 302]
    assert Booking.objects.get().starts_at == DOUBLED


def test_a_move_onto_a_taken_time_warns_or_where_the_practice_blocks_is_refused(
    northside: Practice, desk: Client, visit: Booking
) -> None:
    northside.attend(at=NOON + timedelta(hours=2), patient=northside.patient())
    taken = "Amy Shaw has Ben Wu 2:00 – 2:45 pm."

    status, said = sent(desk, visit, start="2026-03-03T14:15")
    assert [status, said["clashes"]] == [200, [taken]]

    northside.account.booking_conflict_action = LimitAction.BLOCK
    northside.account.save()
    status, said = sent(desk, visit, start="2026-03-03T14:30")
    assert [status, said["refusal"]] == [422, f"{taken} Choose another time."]
    assert said["booking"]["start"] == "2026-03-03T14:15"


def test_clashes_are_shown_while_a_time_is_chosen_and_again_where_somebody_was_faster(
    northside: Practice, desk: Client, visit: Booking
) -> None:
    other = northside.attend(at=NOON + timedelta(hours=2), patient=northside.patient()).booking
    form = {
        "practitioner": northside.amy.pk,
        "business": northside.business.pk,
        "date": "2026-03-03",
        "time": "14:15",
        "minutes": "45",
    }
    address = f"/northside/bookings/{visit.pk}/time"

    looked = desk.get("/northside/bookings/clashes", form | {"booking": visit.pk}).content.decode()
    first = desk.post(address, form)
    again = desk.post(address, form | {"known_clashes": str(other.pk)})

    assert "Amy Shaw has Ben Wu 2:00 – 2:45 pm." in looked
    assert f'value="{other.pk} "' in looked
    assert "Somebody was faster: Amy Shaw has Ben Wu" in first.content.decode()
    assert [first.status_code, again.status_code] == [422, 302]


def test_a_block_over_bookings_says_so_first(northside: Practice, desk: Client) -> None:
    visit = northside.attend().booking
    form = {"practitioner": northside.amy.pk, "business": northside.business.pk, "minutes": "30"}
    form |= {"date": "2026-03-03", "time": "12:15"}

    first = desk.post("/northside/blocks/new", form)
    again = desk.post("/northside/blocks/new", form | {"known_clashes": str(visit.pk)})

    assert "Amy Shaw has Ada Rossi 12:00 – 12:45 pm." in first.content.decode()
    assert [first.status_code, again.status_code] == [422, 302]


def test_a_length_that_was_drawn_in_the_calendar_is_that_of_the_panel(
    northside: Practice, desk: Client
) -> None:
    drawn = desk.get("/northside/bookings/new?start=2026-03-05T09:00&minutes=75").content.decode()
    usual = desk.get("/northside/bookings/new?start=2026-03-05T09:00").content.decode()

    lengths = [re.findall(r'name="minutes" value="(\d+)"', page) for page in (drawn, usual)]
    assert lengths == [["75"], ["45"]]


def test_who_may_not_book_may_not_move(northside: Practice, desk: Client, visit: Booking) -> None:
    northside.account.admit(northside.member.user, role=Role.BOOKKEEPER)

    answer = desk.post(f"/northside/bookings/{visit.pk}/place", {"start": "2026-03-03T14:00"})

    assert answer.status_code == 403
    assert span_of(visit)[0] == NOON
