"""Letters from draft to final, in a case, for a duty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from casewell.audit.models import Change
from casewell.cases.models import DutyDone
from casewell.cases.models.errors import WrongPatient
from casewell.letters.choosing import author_of, cases_of, recipient_of, the_only_open
from casewell.letters.merge import unknown_fields
from casewell.letters.models import (
    Communication,
    Letter,
    LetterArchived,
    LetterIsFinal,
    LetterTemplate,
    LetterVersion,
    NoAddress,
    ask_to_complete,
    shipped_templates,
)
from casewell.tenancy.scope import account_scope
from tests.letters.desk import dva_case, letter, template, words_of
from tests.world import NOON

if TYPE_CHECKING:
    from casewell.cases.models import PatientCase
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")


def is_done(case: PatientCase) -> bool:
    return DutyDone.objects.filter(case=case, archived_at=None).exists()


def test_a_dva_report_fills_itself_in_does_its_duty_and_undoes_it_when_taken_back(
    northside: Practice,
) -> None:
    case, by = dva_case(northside), northside.by
    report = letter(
        northside,
        "",
        case=case,
        recipient=case.contact,
        template=template(northside, "dva-end-of-cycle"),
    )

    said = words_of(report)
    for words in ("Dear Dr Lee", "born", "8 of 12 sessions", "5 Jan 2026", "6 Jan 2026, 13 Jan"):
        assert words in said
    assert (report.title, report.duty_code) == (
        "End of cycle report: Ada Rossi",
        "end_of_cycle_report",
    )
    assert not is_done(case)

    report.finalise(by=by)
    done = DutyDone.objects.get(case=case)
    assert (done.code, done.means, done.note) == (
        "end_of_cycle_report",
        "letter",
        "End of cycle report: Ada Rossi",
    )

    second = letter(northside, case=case, duty_code="end_of_cycle_report")
    second.finalise(by=by)
    report.take_back(by=by)
    assert is_done(case)  # the second still does it
    second.archive(by=by)
    assert not is_done(case)
    second.restore(by=by)
    assert is_done(case)


def test_a_duty_that_was_done_by_a_call_is_not_opened_by_a_letter(northside: Practice) -> None:
    case = dva_case(northside, visits=0)
    DutyDone.mark(case, "care_plan", means=DutyDone.Means.CALL, by=northside.by)
    plan = letter(northside, case=case, duty_code="care_plan")

    plan.finalise(by=northside.by)
    plan.take_back(by=northside.by)

    assert DutyDone.objects.get(case=case).archived_at is None


def test_a_final_letter_says_what_it_said_whatever_changes_afterwards(northside: Practice) -> None:
    ada, by = northside.ada, northside.by
    one = letter(northside, "Dear {patient name}")
    one.title = "Your knee"
    one.rewrite("Dear {patient name}, {nonsense}", by=by)
    one.finalise(by=by)
    ada.last_name = "Lovelace"
    ada.save()

    assert "Dear Ada Rossi, {nonsense}" in words_of(one)
    with pytest.raises(LetterIsFinal):
        one.rewrite("Other", by=by)
    one.take_back(by=by)
    one.rewrite("Dear {patient name}", by=by)
    assert "Dear Ada Lovelace" in words_of(Letter.objects.get(pk=one.pk))
    versions = one.versions.order_by("place")
    assert [(v.place, v.title, v.is_final, v.user_id) for v in versions] == [
        (1, "Letter", False, northside.member.user_id),
        (2, "Your knee", False, northside.member.user_id),
        (3, "Your knee", True, northside.member.user_id),
        (4, "Your knee", False, northside.member.user_id),
    ]
    told = Change.objects.of(one).order_by("id").values_list("verb", flat=True)
    assert list(told) == [
        "written",
        "edited",
        "rewritten",
        "finalised",
        "taken back",
        "rewritten",
    ]


def test_the_database_lets_nobody_change_a_version(northside: Practice) -> None:
    version = letter(northside).version

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        LetterVersion.objects.filter(pk=version.pk).update(body="Other")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        version.delete()


def test_a_letter_is_filed_in_a_case_of_its_patient_alone(northside: Practice) -> None:
    bens = northside.case("Hip", patient=northside.patient())
    case, by = dva_case(northside, visits=0), northside.by
    one = letter(northside, duty_code="care_plan")
    one.finalise(by=by)

    one.put_in_case(case, by=by)
    assert is_done(case)
    one.put_in_case(None, by=by)
    assert not is_done(case)
    with pytest.raises(WrongPatient):
        one.put_in_case(bens, by=by)
    with pytest.raises(WrongPatient):
        letter(northside, case=bens)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=one.pk).update(case=bens)


def test_a_copy_is_a_draft_of_the_same_words_for_no_duty(northside: Practice) -> None:
    case = dva_case(northside, visits=0)
    plan = letter(northside, "To {recipient name}", case=case, duty_code="care_plan")
    plan.finalise(by=northside.by)

    copy = plan.copy(by=northside.by)

    assert (copy.is_final, copy.duty_code, copy.case_id) == (False, "", case.pk)
    assert copy.version.body == "To {recipient name}"
    plan.archive(by=northside.by)
    with pytest.raises(LetterArchived):
        plan.take_back(by=northside.by)


def test_the_only_open_case_is_proposed_and_a_full_one_where_it_is_the_only_one(
    northside: Practice,
) -> None:
    ada, today = northside.ada, northside.account.today()
    assert the_only_open(cases_of(ada), today) is None

    full = northside.case("Full", max_sessions=1)
    northside.attend(full)
    assert the_only_open(cases_of(ada), today) == full
    knee = northside.case()
    assert the_only_open(cases_of(ada), today) == knee
    hip = northside.case("Hip")
    assert the_only_open(cases_of(ada), today) is None
    hip.close(by=northside.by)
    assert the_only_open(cases_of(ada), today) == knee
    assert [case.name for case in cases_of(ada)] == ["Left knee", "Full", "Hip"]


def test_who_writes_to_whom_follows_from_the_template_and_the_visits(northside: Practice) -> None:
    case = dva_case(northside, visits=1)
    case.payer = northside.doctor(last_name="Payer")
    ada, Goes = northside.ada, LetterTemplate.Addressee  # noqa: N806 - a class

    found = [recipient_of(LetterTemplate(addressee=to), ada, case) for to in Goes]
    author = author_of(ada, case, northside.member)

    assert found == [case.contact, None, case.payer]
    assert (author.practitioner, author.business) == (northside.amy, northside.business)


def test_the_letter_that_asks_for_the_rest_of_a_referral_names_what_is_missing(
    northside: Practice,
) -> None:
    case = dva_case(northside, visits=0)
    assert case.programme
    case.programme.letter_must_contain = ["patient name", "date", "reason for referral"]
    case.programme.save()
    case.letter_contains = ["date"]
    case.save()
    who: dict[str, Any] = {
        "practitioner": northside.amy,
        "business": northside.business,
        "by": northside.by,
    }

    asking = ask_to_complete(case, **who)

    said = words_of(asking)
    assert asking.recipient == case.contact
    assert "must also say: – patient name – reason for referral Please" in said
    case.contact = None
    with pytest.raises(NoAddress):
        ask_to_complete(case, **who)


def test_templates_that_ship_are_there_once_and_know_all_their_fields(northside: Practice) -> None:
    shipped = shipped_templates()
    first = LetterTemplate.of(northside.account).get(code="discharge")
    first.archive(by=northside.by)

    found = list(LetterTemplate.of(northside.account))

    assert len(found) == len(shipped)
    assert [one.code for one in found if one.archived_at] == ["discharge"]
    for one in found:
        one.full_clean()
        assert unknown_fields(one.body) + unknown_fields(one.title) == []
    case = dva_case(northside, visits=0)
    fitting = LetterTemplate.of(northside.account).live().fitting(case)
    assert {"dva-care-plan", "to-patient"} <= {one.code for one in fitting}
    assert "medicare-first-report" not in {one.code for one in fitting}


def test_another_practices_letters_are_not_there(northside: Practice, elsewhere: Practice) -> None:
    with account_scope(elsewhere.account):
        theirs = letter(elsewhere)

    assert not Letter.objects.filter(pk=theirs.pk).exists()
    assert not LetterVersion.objects.filter(letter=theirs.pk).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Communication.objects.create(
            account=northside.account, patient=northside.ada, letter_id=theirs.pk
        )


def test_a_letter_of_nothing_known_is_a_letter_still(northside: Practice) -> None:
    one = letter(northside, "{condition}{issue date}{dates attended} {patient they}")

    assert one.title == "Letter"
    assert "Hill Street" in words_of(one)
    assert "they" in words_of(one)
    assert NOON.date().strftime("%-d %b %Y") in words_of(one)
