"""The cases worklist as a page: who is in it, by what, in which order, and what to do next."""

from __future__ import annotations

import csv
import gc
import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casewell.accounts.models import Practitioner
from casewell.audit.models import Change
from casewell.cases.models import CaseReminder, DutyDone, Programme
from casewell.cases.reminders import tell
from casewell.web.caseload import Caseload
from tests.invoices.till import Till
from tests.web.test_pages import statements_of

if TYPE_CHECKING:
    from django.test import Client

    from casewell.cases.models import PatientCase
    from tests.world import Practice

LIST = "/northside/cases/worklist"
DAY = timedelta(days=1)


def ending(northside: Practice, days: int, last_name: str, **fields: Any) -> PatientCase:
    day = northside.account.today() + days * DAY
    patient = northside.patient(last_name=last_name)
    return northside.case(expiry_date=day, patient=patient, **fields)


def shown(admin: Client, query: str = "") -> list[str]:
    """The last names of the patients in the list, in its order."""
    text = admin.get(f"{LIST}?{query}").content.decode()
    return re.findall(r"<bdi>(\w+), \w+</bdi></a></th>", text)


def counts(admin: Client, query: str = "") -> list[int]:
    text = admin.get(f"{LIST}?{query}").content.decode()
    chips = text.split('class="reasons ')[1].split("</nav>")[0]
    return [int(number) for number in re.findall(r"<b>(\d+)</b>", chips)]


def test_each_reason_has_its_tab_and_its_count(northside: Practice, admin: Client) -> None:
    ending(northside, 5, "Soon", max_sessions=10)
    northside.attend(ending(northside, 90, "Full", max_sessions=1))
    ending(northside, 20, "Both", max_sessions=2)
    ending(northside, 90, "Well", max_sessions=10)

    assert counts(admin) == [3, 2, 1, 1, 0, 0, 0, 0]
    assert shown(admin) == ["Soon", "Both", "Full"]
    assert shown(admin, "reason=full") == ["Full"]
    assert shown(admin, "reason=few_left") == ["Both"]
    assert admin.get(f"{LIST}?reason=nonsense").status_code == 404


def test_sessions_used_elsewhere_take_room_in_the_meter(northside: Practice, admin: Client) -> None:
    ending(northside, 5, "Some", max_sessions=5, sessions_elsewhere=2)

    assert "<b>2 of 5</b>" in admin.get(LIST).content.decode()


def test_it_is_ordered_by_what_its_headings_say(northside: Practice, admin: Client) -> None:
    ending(northside, 9, "Beta", max_sessions=2, contact=northside.doctor(last_name="Zed"))
    ending(northside, 5, "Cora", max_sessions=1, contact=northside.doctor(last_name="Ames"))
    ending(northside, 7, "Alba")
    ending(northside, -9, "Over", max_sessions=1)

    assert shown(admin) == ["Cora", "Alba", "Beta", "Over"]
    assert shown(admin, "sort=patient") == ["Alba", "Beta", "Cora", "Over"]
    assert shown(admin, "sort=-patient") == ["Over", "Cora", "Beta", "Alba"]
    assert shown(admin, "sort=-expires") == ["Over", "Beta", "Alba", "Cora"]
    assert shown(admin, "sort=left")[2:] == ["Beta", "Alba"]
    assert shown(admin, "sort=-left")[:2] == ["Alba", "Beta"]
    assert shown(admin, "sort=referrer")[:2] == ["Cora", "Beta"]


def test_it_is_filtered_by_practitioner_programme_and_referrer(
    northside: Practice, admin: Client
) -> None:
    rules = Programme.adopt(northside.account, "au-dva-cycle", by=northside.by)
    doctor = northside.doctor()
    ending(northside, 5, "Alba", programme=rules)
    ending(northside, 6, "Beta", contact=doctor)
    cora = ending(northside, 7, "Cora")
    northside.attend(cora)
    tom = Practitioner.objects.create(first_name="Tom", last_name="Reid")

    assert shown(admin, "programme=au-dva-cycle") == ["Alba"]
    assert shown(admin, f"referrer={doctor.pk}") == ["Beta"]
    assert shown(admin, f"practitioner={northside.amy.pk}") == ["Cora"]
    assert shown(admin, f"practitioner={tom.pk}") == []
    assert b"What is chosen above is not there" in admin.get(f"{LIST}?programme=x").content


def test_each_row_leads_to_its_next_step(northside: Practice, admin: Client) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    few = ending(northside, 90, "Few", max_sessions=2)
    bare = ending(northside, 90, "Bare", referral=True)
    told = ending(northside, 90, "Told", programme=rules, max_sessions=9)
    northside.attend(told, timezone.now() - DAY)
    full = ending(northside, 90, "Full", max_sessions=1)
    northside.attend(full)

    text = admin.get(LIST).content.decode()

    assert f"case={few.pk}&amp;case_of={few.patient_id}" in text
    assert f"/cases/{bare.pk}/edit" in text
    assert "Add the referrer" in text
    assert f"/cases/{told.pk}/duties/due" in text
    assert "Report to the referrer after the first service" in text
    assert "Open the case" in text


def test_a_duty_is_marked_as_done_beside_the_list(northside: Practice, admin: Client) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    case = ending(northside, 90, "Told", programme=rules, max_sessions=9)
    northside.attend(case, timezone.now() - DAY)
    page, code = f"/northside/cases/{case.pk}/duties/due", "report_first"
    assert shown(admin) == ["Told"]

    wrong = admin.post(page, {"code": code, f"{code}-done_on": "2026-02-31"})
    assert wrong.status_code == 422
    assert admin.post(page, {"code": "unheard_of"}).status_code == 404
    body = {"code": code, f"{code}-done_on": "2026-03-03", f"{code}-means": "letter"}
    assert admin.post(page, body).status_code == 302

    done = DutyDone.objects.get(case=case)
    assert (done.code, str(done.done_on)) == (code, "2026-03-03")
    assert Change.objects.of(done).get().user == northside.member.user
    assert shown(admin) == []
    assert b"done 3 Mar 2026" in admin.get(page).content


def test_a_page_of_the_worklist_takes_the_same_few_statements_for_many(
    northside: Practice, admin: Client
) -> None:
    found = []
    for number in (1, 3):
        for _ in range(number):
            ending(northside, 5, "Soon", contact=northside.doctor())
        admin.get(LIST)
        found.append(statements_of(admin, LIST))
    assert found == [8, 8]


def test_the_csv_has_all_rows_is_harmless_and_is_written_down(
    northside: Practice, admin: Client
) -> None:
    doctor = northside.doctor(provider_number="2429591L")
    ending(northside, 5, "Soon", name="=1+1", max_sessions=2, contact=doctor)
    ending(northside, 90, "Well")

    answer = admin.get(f"{LIST}.csv?reason=few_left")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["Case"], row["Sessions"], row["Left"]) == ("'=1+1", "0 of 2", "2")
    assert row["Provider number"] == "2429591L"
    assert row["Why"] == "Two or fewer left; Expiring in 30 days"
    told = Change.objects.get(verb="exported")
    assert told.changes == {"rows": [None, 1], "filter": [None, "Two or fewer left"]}


def test_an_answer_leaves_none_of_its_cases_to_a_search_for_garbage(
    northside: Practice, admin: Client
) -> None:
    ending(northside, 5, "Soon")
    gc.collect()
    gc.disable()
    try:
        assert shown(admin) == ["Soon"]
        left = [one for one in gc.get_objects() if type(one) is Caseload]
    finally:
        gc.enable()

    assert left == []


def test_long_lists_have_pages(northside: Practice, admin: Client) -> None:
    for number in range(51):
        ending(northside, 5, f"Soon{number:02}")

    assert len(shown(admin)) == 50
    assert shown(admin, "page=2&sort=patient") == ["Soon50"]
    assert sorted(shown(admin) + shown(admin, "page=2")) == shown(admin, "sort=patient&rows=500")


def test_the_report_is_shown_with_a_chart_and_taken_out_as_csv(
    northside: Practice, admin: Client
) -> None:
    doctor = northside.doctor(last_name="<b>Lee")
    visit = northside.attend(ending(northside, 90, "Well", contact=doctor), timezone.now() - DAY)
    Till.of(northside).invoice_of("1250", visit=visit)

    page = admin.get("/northside/cases/report").content.decode()
    assert page.count('<svg role="img"') == 2
    assert page.count("$1,250.00") == 5  # of both lines and totals, and on top
    assert "&lt;b&gt;Lee" in page
    rows = list(
        csv.reader(
            io.StringIO(admin.get("/northside/cases/report.csv").content.decode("utf-8-sig"))
        )
    )
    assert rows[1][:2] == ["Programme", "No programme"]
    assert rows[-1] == ["All", "All cases", "", "1", "0", "1", "0", "", "1250.00"]

    wrong = admin.get("/northside/cases/report?start=2026-03-03&until=2026-03-01")
    assert wrong.status_code == 422
    assert b"The last day is before the first one." in wrong.content
    assert statements_of(admin, "/northside/cases/report") == 10


def test_today_tells_what_crossed_a_threshold_until_the_desk_has_seen_it(
    northside: Practice, admin: Client
) -> None:
    ending(northside, 5, "Soon", max_sessions=2)
    tell(northside.account)
    assert CaseReminder.objects.count() == 2
    assert b"1 case needs a look" in admin.get("/northside/today/notices").content

    assert admin.post("/northside/cases/reminders/seen").status_code == 302

    assert b"a look" not in admin.get("/northside/today/notices").content
    assert Change.objects.filter(verb="seen").count() == 2
    log = admin.get("/northside/cases/reminders").content
    assert log.count(b"seen <time") == 2
    assert b"Expires in 7 days" in log


def test_the_settings_of_cases_are_kept_with_who_may_do_what(
    northside: Practice, admin: Client
) -> None:
    body = {
        "case_limit_action": "warn",
        "case_expiry_action": "block",
        "course_ends_after_weeks": "12",
        "remind_desk_at": "desk@north.example",
        "remind_patients": "on",
        "raise-administrator": "yes",
        "follow-power-receptionist": "yes",
        "raise-scheduler": "yes",
    }

    assert admin.post("/northside/settings/cases", body).status_code == 302

    account = type(northside.account).objects.get(pk=northside.account.pk)
    assert (account.case_limit_action, account.case_expiry_action) == ("warn", "block")
    assert (account.remind_desk_at, account.remind_patients) == ("desk@north.example", True)
    assert account.when_full_roles == {
        "replace": [],
        "raise": ["administrator"],
        "follow": ["power receptionist"],
    }
    page = admin.get("/northside/settings/cases").content.decode()
    assert len(re.findall(r"<input[^>]*name=[^>]* checked", page)) == 3
    refused = admin.post("/northside/settings/cases", body | {"course_ends_after_weeks": "0"})
    assert refused.status_code == 422
