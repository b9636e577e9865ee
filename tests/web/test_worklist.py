"""The cases worklist as a page: who is in it, by what, in which order, and what to do next."""

from __future__ import annotations

import csv
import gc
import io
import re
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casewell.accounts.models import Practitioner
from casewell.audit.models import Change
from casewell.cases.models import DutyDone, Programme
from casewell.web.caseload import Caseload
from tests.invoices.till import Till
from tests.web.test_pages import statements_of
from tests.world import words_in

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


def test_a_row_shows_what_is_invoiced_and_left_of_an_amount(
    northside: Practice, admin: Client
) -> None:
    limited = ending(northside, 5, "Some", max_invoiceable_amount=Decimal(150))
    Till.of(northside).invoice(visit=northside.attend(limited))

    assert "$100.00 of $150.00 invoiced · $50.00 left" in words_in(admin.get(LIST).content.decode())
    northside.account.approvals.create(case=ending(northside, 5, "Granted"), amount=Decimal(70))
    assert "$0.00 of $70.00 invoiced" in words_in(admin.get(LIST).content.decode())


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
    for number in (1, 3, 5):
        for _ in range(number):
            limit = {"max_invoiceable_amount": Decimal(90)} if number == 5 else {}
            ending(northside, 5, "Soon", contact=northside.doctor(), **limit)
        admin.get(LIST)
        found.append(statements_of(admin, LIST))
    assert found == [8, 8, 8]


def test_the_csv_has_all_rows_is_harmless_and_is_written_down(
    northside: Practice, admin: Client
) -> None:
    doctor = northside.doctor(provider_number="2429591L")
    limits = {"max_sessions": 2, "max_invoiceable_amount": Decimal("40.50")}
    ending(northside, 5, "Soon", name="=1+1", contact=doctor, **limits)
    ending(northside, 90, "Well")

    answer = admin.get(f"{LIST}.csv?reason=few_left")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["Case"], row["Sessions"], row["Left"]) == ("'=1+1", "0 of 2", "2")
    assert (row["Amount left"], row["Provider number"]) == ("40.50", "2429591L")
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
    for page in ("99", "9" * 40):
        assert shown(admin, f"page={page}&sort=patient") == ["Soon50"]
    assert len(shown(admin, "page=x")) == 50
