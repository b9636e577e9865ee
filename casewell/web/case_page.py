"""What a case's page says beside its visits: caps, approvals, duties, letter, what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils import timezone

from casewell.cases.duties import PRESSING, DutyState, duty_state
from casewell.cases.filling import end_in_words
from casewell.cases.models import Approval, DutyDone, PatientCase, cap_uses
from casewell.cases.models.standing import Standing
from casewell.cases.models.worklist import Lookout
from casewell.cases.referral import period_in_words
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.cases.duties import CaseFacts
    from casewell.cases.models import CapUse
    from casewell.letters.models import Letter
    from casewell.web.letter_shelf import LetterShelf


@dataclass(frozen=True)
class Duty:
    """What the programme asks for, how pressing that is, and by what it was done."""

    code: str
    name: str
    state: DutyState
    done: DutyDone | None
    draft: Letter | None = None
    letter: Letter | None = None


@dataclass(frozen=True)
class LetterLine:
    """What the referral's letter must contain, and whether it was found there."""

    words: str
    ticked: bool


@dataclass(frozen=True)
class Keyed:
    """A value as it is keyed into a payment terminal; empty where it is not known."""

    label: str
    value: str


def cases_with_all(account: Account) -> QuerySet[PatientCase]:
    """Cases with all that their page says of themselves: what else belongs to them is asked for."""
    related = ("account", "patient", "contact", "payer", "closed_by", "programme", "predecessor")
    rows = account.patient_cases.with_usage().with_amounts().with_last_visit().with_cap_visits()
    return rows.select_related(*related).annotate(linked=Count("attendees"))


def around(case: PatientCase, today: date) -> dict[str, Any]:
    """What stands around the case on its page, in four statements."""
    approvals = list(case.approvals.order_by("approved_on", "id"))
    done = {one.code: one for one in case.duties_done.filter(archived_at=None)}
    duties = duties_of(case, done, today, timezone.now())
    return {
        "caps": caps_of(case, today),
        "approvals": [one for one in approvals if one.archived_at is None],
        "withdrawn": [one for one in approvals if one.archived_at],
        "duties": duties,
        "pressing": [duty for duty in duties if duty.state in PRESSING],
        "letter": letter_of(case),
        "keyed": keyed_of(case),
        "clock": clock_of(case),
        "successors": list(case.successors.order_by("id")) if case.closed_at else [],
        "means": DutyDone.Means.choices,
    }


def with_letters(duties: list[Duty], letters: LetterShelf | None) -> list[Duty]:
    """Each duty with the letter that did it, and with the one that is being written for it."""
    if letters is None:
        return duties
    drafts, done = letters.drafts, letters.done
    return [
        replace(
            duty, draft=drafts.get(duty.code), letter=done.get(duty.done.pk) if duty.done else None
        )
        for duty in duties
    ]


def caps_of(case: PatientCase, today: date) -> list[CapUse]:
    """The counts of the periods that have visits, and of the one that today is in."""
    return cap_uses(case, today)


def duties_of(
    case: PatientCase, done: Mapping[str, DutyDone | None], today: date, now: datetime
) -> list[Duty]:
    """The duties of the case's programme in its order, each with its state; `done` by their codes.

    The case is `with_usage().with_last_visit()`.
    """
    rules = case.programme.duties if case.programme else []
    facts = _facts(case, today, now)
    return [
        Duty(
            code=rule["code"],
            name=rule["name"],
            state=duty_state(rule, facts, done=rule["code"] in done),
            done=done.get(rule["code"]),
        )
        for rule in rules
    ]


def _facts(case: Any, today: date, now: datetime) -> CaseFacts:
    """What the rules ask."""
    usage, last_at = case.usage, case.last_visit_at
    standing = Standing(
        pk=case.pk,
        patient=case.patient_id,
        closed=case.closed_at is not None,
        lacks_referral=False,
        has_amount=False,
        elsewhere=usage.elsewhere,
        counted=usage.counted,
        used=usage.used,
        first=None,
        last=int(last_at.timestamp()) if last_at else None,
        limit=usage.limit,
        expires_on=case.expires_on,
        programme=case.programme,
        done=frozenset(),
        zones=(None, case.account.time_zone),
    )
    facts = Lookout(case.account, now).facts_of(standing)
    return replace(
        facts,
        first_on=case.first_visit_on if usage.used else None,
        ended_on=case.last_visit_on if facts.ended_on else None,
    )


def letter_of(case: PatientCase) -> list[LetterLine]:
    """What the letter must contain, ticked or missing; nothing where no rule says."""
    wanted = case.programme.letter_must_contain if case.programme else []
    return [LetterLine(words, words in case.letter_contains) for words in wanted]


def keyed_of(case: PatientCase) -> list[Keyed]:
    """The referral as a payment terminal asks for it, in the order of its keys."""
    if case.contact is None:
        return []
    return [
        Keyed("Referring provider number", case.contact.provider_number),
        Keyed("Referrer", str(case.contact)),
        Keyed("Issue date", formats().day(case.issue_date) if case.issue_date else ""),
        Keyed("Period", period_in_words(case)),
    ]


def clock_of(case: PatientCase) -> str:
    """How the programme's clock runs, beside the day that it ends on; empty where none decides."""
    if case.expiry_date:
        return ""
    words = end_in_words(
        case.programme,
        {
            "issue_date": case.issue_date,
            "plan_date": case.plan_date,
            "injury_date": case.injury_date,
            "first_session": case.first_visit_on,
        },
    )
    when, _, why = words.partition(", ")
    return why if when.startswith(("until", "starts")) else words


def new_approval(case: PatientCase) -> Approval:
    """An approval of the case that is not stored yet."""
    return Approval(account=case.account, case=case)
