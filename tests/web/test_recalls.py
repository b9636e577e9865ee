"""Pages of recalls: the list, its file, a patient's own, and booking from one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from casewell.audit.models import Change
from casewell.recalls.models import Recall, RecallType
from tests.recalls.test_recalls import TODAY, recall_of
from tests.web.pages import booked, said
from tests.web.test_pages import statements_of
from tests.web.wrong_input import booking_fields, time_fields
from tests.world import words_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
HOME = "/northside/recalls"
DAY = timedelta(days=1)


def names(page: bytes) -> str:
    return words_in(page.decode().partition("<tbody")[2].partition("</tbody")[0])


def test_the_list_says_who_is_due_by_type_and_days(northside: Practice, admin: Client) -> None:
    review = RecallType.objects.create(name="Review")
    recall_of(northside, note="Prefers mornings")
    ben = northside.patient(email="ben@home.example")
    recall_of(northside, TODAY - 40 * DAY, patient=ben, recall_type=review)
    recall_of(northside, TODAY + 20 * DAY, patient=northside.patient("Cy", "Yu"))

    whole = names(admin.get(HOME).content)
    assert whole.index("Wu, Ben") < whole.index("Rossi, Ada")
    assert "Prefers mornings" in whole
    assert "Yu" not in whole
    assert "Rossi" not in names(admin.get(f"{HOME}?when=overdue").content)
    assert "Yu, Cy" in names(admin.get(f"{HOME}?when=month").content)
    assert "Wu" not in names(admin.get(f"{HOME}?type={review.pk}&when=booked").content)
    assert names(admin.get(f"{HOME}?type={review.pk}").content).count("Book") == 1
    assert "Choose again" in admin.get(f"{HOME}?type=77").content.decode()


def test_the_list_takes_the_same_few_statements_for_one_row_and_for_many(
    northside: Practice, desk: Client
) -> None:
    counts = []
    for n in (1, 3):
        for number in range(n):
            patient = northside.patient(last_name=f"Wu{number}")
            one = recall_of(northside, patient=patient)
            one.mark_booked(northside.attend(patient=patient), by=northside.by)
            recall_of(northside, patient=patient)
        desk.get(HOME)
        counts.append([statements_of(desk, f"{HOME}?when={when}") for when in ("", "booked")])
    assert counts[0] == counts[1] == [6, 6]


def test_the_file_has_what_is_shown_and_who_took_it_out(northside: Practice, admin: Client) -> None:
    recall_of(northside, note="=1+1")

    answer = admin.get(f"{HOME}.csv")

    lines = answer.content.decode().splitlines()
    assert lines[0].endswith("From,Patient,Phone,E-mail,Recall,Note,Booked")
    assert lines[1].startswith('2026-03-03,"Rossi, Ada",,,Check-up,')
    told = Change.objects.get(verb="exported").changes
    assert (told["rows"], told["filter"]) == ([None, 1], [None, "Due by today"])


def test_who_may_take_out_no_lists_has_no_file(northside: Practice, desk: Client) -> None:
    assert f'href="{HOME}.csv' not in desk.get(HOME).content.decode()
    assert desk.get(f"{HOME}.csv").status_code == 403


def test_a_new_recall_proposes_the_types_usual_day_and_stands_on_the_patients_page(
    northside: Practice, desk: Client
) -> None:
    kind = RecallType.objects.create(name="Check-up", usual_weeks=2)
    address = f"/northside/patients/{northside.ada.pk}"
    assert 'value="2026-03-17"' in desk.get(f"{address}/recalls").content.decode()

    answer = desk.post(
        f"{address}/recalls", {"recall_type": kind.pk, "recall_date": "2026-03-03", "note": ""}
    )

    assert answer.headers["Location"] == address
    page = words_in(desk.get(address).content.decode())
    assert "Check-up from 3 Mar 2026 due" in page
    one = Recall.objects.get()
    RecallType.objects.update(archived_at="2026-03-03T00:00Z")
    kept = {"recall_type": kind.pk, "recall_date": "2026-03-04", "note": "Mornings"}
    assert desk.post(f"{HOME}/{one.pk}", kept).status_code == 302
    one.refresh_from_db()
    assert (one.recall_date, one.note) == (date(2026, 3, 4), "Mornings")


def test_what_is_booked_from_a_recall_does_it_and_today_counts_the_others(
    northside: Practice, desk: Client
) -> None:
    one, other = recall_of(northside), recall_of(northside, patient=northside.patient())
    assert "2 recalls due" in words_in(desk.get("/northside/today/notices").content.decode())
    panel = desk.get(f"/northside/bookings/new?patient={northside.ada.pk}&recall={one.pk}")
    assert f'name="recall" value="{one.pk}"' in panel.content.decode()

    # for another patient than the recall's it does nothing
    desk.post("/northside/bookings/new", booking_fields(northside) | {"recall": str(other.pk)})
    assert Recall.objects.open().count() == 2
    ours = time_fields(northside) | {"patient": str(northside.ada.pk), "time": "15:00"}
    kind = {"appointment_type": str(northside.standard.pk), "case": "none"}
    desk.post("/northside/bookings/new", ours | kind | {"recall": str(one.pk)})

    assert list(Recall.objects.open()) == [other]
    assert "1 recall due" in words_in(desk.get("/northside/today/notices").content.decode())
    assert "booked" in words_in(desk.get(f"{HOME}/{one.pk}").content.decode()).lower()
    desk.post(f"{HOME}/{one.pk}/reopening", {"next": HOME})
    assert Recall.objects.open().count() == 2


def test_a_recall_is_taken_off_the_list_and_put_back(northside: Practice, desk: Client) -> None:
    one = recall_of(northside)
    desk.post(f"{HOME}/{one.pk}/archive")
    assert "Rossi" not in names(desk.get(HOME).content)
    back = desk.post(f"{HOME}/{one.pk}/restore")
    assert said(back)[-1] == "The recall of Ada Rossi is on the list again."
    assert back["Location"] == f"/northside/patients/{northside.ada.pk}"
    assert "Rossi" in names(desk.get(HOME).content)


def test_a_recall_whose_visit_was_cancelled_is_open_on_the_list_and_on_the_patients_page(
    northside: Practice, desk: Client
) -> None:
    one, visit = recall_of(northside), northside.attend()
    one.mark_booked(visit, by=northside.by)
    page = f"/northside/patients/{northside.ada.pk}"
    assert "Check-up from 3 Mar 2026 booked" in words_in(desk.get(page).content.decode())
    assert "Rossi" in names(desk.get(f"{HOME}?when=booked").content)

    visit.cancel(30, by=northside.by)

    assert "Check-up from 3 Mar 2026 due" in words_in(desk.get(page).content.decode())
    assert "Rossi" not in names(desk.get(f"{HOME}?when=booked").content)


def test_a_patient_who_is_archived_is_not_asked_back(northside: Practice, desk: Client) -> None:
    ben = northside.patient()
    recall_of(northside)
    recall_of(northside, patient=ben)
    ben.archive(by=northside.by)

    assert desk.get(f"/northside/patients/{ben.pk}/recalls").status_code == 404
    for when in ("", "month", "all"):
        listed = names(desk.get(f"{HOME}?when={when}").content)
        assert ("Rossi, Ada" in listed, "Wu, Ben" in listed) == (True, False)


def test_a_recall_that_is_done_keeps_its_visit_when_another_is_booked_from_it(
    northside: Practice, desk: Client
) -> None:
    one, visit = recall_of(northside), northside.attend()
    one.mark_booked(visit, by=northside.by)

    form = booked(northside) | {"recall": str(one.pk)}
    answer = desk.post("/northside/bookings/new", form)

    assert answer.status_code == 302
    one.refresh_from_db()
    assert one.attendee == visit


def test_an_email_goes_to_who_has_an_address(northside: Practice, desk: Client) -> None:
    one = recall_of(northside)
    refused = desk.post(f"{HOME}/{one.pk}/email")
    assert refused.status_code == 422
    assert "has no e-mail address" in refused.content.decode()
    northside.ada.email = "ada@home.example"
    northside.ada.save()
    assert desk.post(f"{HOME}/{one.pk}/email", {"next": HOME}).headers["Location"] == HOME
    assert northside.account.outgoing_mail.get().to == "ada@home.example"


def test_a_field_that_does_not_exist_is_refused_in_a_types_email(
    northside: Practice, admin: Client
) -> None:
    typed = {"name": "Review", "usual_weeks": "12", "message": "Dear {surname}"}

    answer = admin.post("/northside/settings/recall-types/new", typed)

    assert (answer.status_code, RecallType.objects.count()) == (422, 0)
    assert "No such field: {surname}." in answer.content.decode()
