"""The cases worklist: who is in it and why, filtered, ordered, a page at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page, Paginator
from django.utils import timezone

from casewell.accounts.models import Practitioner
from casewell.cases.models.worklist import Lookout, Reason, standings
from casewell.contacts.models import Contact
from casewell.lib.fields import ChoiceOfFew, RecordSearch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from casewell.accounts.models import Account
    from casewell.cases.duties import DutyState
    from casewell.cases.models import PatientCase
    from casewell.cases.models.standing import Standing

ROWS, MANY_ROWS = 50, 500  # of a page; the latter to print
NEVER = 2**32  # above every day's and every limit's number
BY_NAME = {
    "patient": ("patient__last_name", "patient__first_name", "id"),
    "referrer": ("contact__last_name", "contact__first_name", "id"),
}
# The look of each reason, as the status words know it.
LOOKS = {
    Reason.EXPIRING: "expiring",
    Reason.FEW_LEFT: "low",
    Reason.FULL: "full",
    Reason.EXPIRED_WITH_VISITS: "expired",
    Reason.BOOKED_PAST_EXPIRY: "expired",
    Reason.REPORT_DUE: "low",
    Reason.REFERRAL_MISSING: "expired",
}
FOLLOW_UP = {
    Reason.FEW_LEFT: "book",
    Reason.EXPIRING: "book",
    Reason.REPORT_DUE: "duty",
    Reason.REFERRAL_MISSING: "edit",
}


class CaseloadFilter(forms.Form):
    """What the address asks for; what it leaves out is not filtered by."""

    practitioner = ChoiceOfFew(
        Practitioner.objects.order_by("last_name", "first_name", "id"),
        required=False,
        empty_label="Every practitioner",
    )
    programme = forms.ChoiceField(required=False)
    referrer = forms.ModelChoiceField(
        Contact.objects.doctors(), required=False, widget=RecordSearch("doctor-search")
    )

    def __init__(self, asked: QueryDict) -> None:
        super().__init__(asked)
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = name.capitalize()
        self.fields["referrer"].widget.attrs["placeholder"] = "Every referrer"

    def offer(self, programmes: Iterable[tuple[str, str]]) -> None:
        """Let these be chosen, as (code, name)."""
        field: Any = self.fields["programme"]
        field.choices = [("", "Every programme"), *sorted(programmes, key=lambda one: one[1])]


def pressing_duties_of(case: PatientCase) -> list[tuple[dict[str, Any], DutyState]]:
    """The rules of its programme that are due or overdue."""
    account, now = case.account, timezone.now()
    [one] = standings(account, account.patient_cases.filter(pk=case.pk), now)
    weeks = account.course_ends_after_weeks
    return list(Lookout(account.today(), now, weeks).pressing_duties(one))


@dataclass(frozen=True)
class Row:
    """One case, with all that one wants to know before doing something about it."""

    case: PatientCase
    standing: Standing
    reasons: list[Reason]
    duties: list[str]
    step: str

    @property
    def badges(self) -> list[tuple[str, str]]:
        """Each reason in words, with its look."""
        return [(reason.label, LOOKS[reason]) for reason in self.reasons]

    @property
    def booking(self) -> str:
        """What the address of a new booking says, for the case to be chosen there."""
        asked = {"patient": self.standing.patient, "case": self.case.pk}
        return "?" + urlencode(asked | {"case_of": self.standing.patient})

    @property
    def missing(self) -> str:
        """What the referral lacks."""
        return "referrer" if self.case.contact_id is None else "date of the referral"


class Caseload:
    """The cases of a practice that somebody should look at, as the address asks for them."""

    def __init__(self, account: Account, asked: QueryDict) -> None:
        self.account, self.asked = account, asked
        now = timezone.now()
        self.lookout = Lookout(account.today(), now, account.course_ends_after_weeks)
        standing = standings(account, now=now)
        judged = ((one, self.lookout.reasons_of(one)) for one in standing)
        self.all = [(one, reasons) for one, reasons in judged if reasons]
        self.form = CaseloadFilter(asked)
        known = {one.programme.id: one.programme for one in standing if one.programme}
        self.form.offer((programme.code, programme.name) for programme in known.values())
        self.reason = asked.get("reason", "")
        self.sort = asked.get("sort") or "expires"

    @cached_property
    def filtered(self) -> list[tuple[Standing, list[Reason]]]:
        """Those of all reasons; none where the filter is not valid."""
        if not self.form.is_valid():
            return []
        wanted, found = self.form.cleaned_data, self.all
        if referrer := wanted["referrer"]:
            found = [(one, why) for one, why in found if one.referrer == referrer.pk]
        if code := wanted["programme"]:
            found = [(o, why) for o, why in found if o.programme and o.programme.code == code]
        if practitioner := wanted["practitioner"]:
            seen = set(self._cases_of(practitioner))
            found = [(one, why) for one, why in found if one.pk in seen]
        return found

    def _cases_of(self, practitioner: Practitioner) -> Any:
        """The cases in which that practitioner has a visit."""
        visits = self.account.attendees.filter(
            booking__practitioner=practitioner, case__isnull=False, archived_at=None
        )
        return visits.order_by().values_list("case_id", flat=True).distinct()

    @property
    def counts(self) -> list[tuple[Reason, int]]:
        """How many there are for each reason."""
        found = Counter(reason for _, reasons in self.filtered for reason in reasons)
        return [(reason, found[reason]) for reason in Reason]

    @cached_property
    def found(self) -> dict[int, tuple[Standing, list[Reason]]]:
        """By case, those with the reason that is asked for, in order unless by a name."""
        rows = self.filtered
        if self.reason:
            rows = [row for row in rows if self.reason in row[1]]
        by, backwards = self.sort.removeprefix("-"), self.sort.startswith("-")
        if by not in BY_NAME:
            place = self._by_left if by == "left" else self._by_end
            rows = sorted(rows, key=place, reverse=backwards)
        return {row[0].pk: row for row in rows}

    def _by_left(self, row: tuple[Standing, list[Reason]]) -> tuple[int, int]:
        left = row[0].left
        return (NEVER if left is None else left, row[0].pk)

    def _by_end(self, row: tuple[Standing, list[Reason]]) -> tuple[int, int]:
        """What has expired comes last of all."""
        ends = row[0].expires_on
        if ends is None:
            return (NEVER, row[0].pk)
        return (ends.toordinal() + (NEVER if ends < self.lookout.today else 0), row[0].pk)

    def _is_over(self, one: Standing) -> bool:
        return one.expires_on is not None and one.expires_on < self.lookout.today

    def page(self, size: int = ROWS) -> Page[Any]:
        """The page that is asked for; its `object_list` are rows, read in one statement."""
        pages: Paginator[Any] = Paginator(range(len(self.found)), size)
        page = pages.get_page(self.asked.get("page"))
        places: Any = page.object_list
        page.object_list = self.rows(places.start, places.stop)
        return page

    def rows(self, first: int, last: int) -> list[Row]:
        """Those of the found cases from one place to another."""
        by_name = BY_NAME.get(self.sort.removeprefix("-"))
        related = self.account.patient_cases.select_related("patient", "contact")
        if by_name:
            order = [f"-{f}" for f in by_name] if self.sort.startswith("-") else by_name
            cases = list(related.filter(pk__any_of=list(self.found)).order_by(*order)[first:last])
        else:
            keys = list(self.found)[first:last]
            places = {key: place for place, key in enumerate(keys)}
            cases = sorted(related.filter(pk__in=keys), key=lambda case: places[case.pk])
        return [self._row(case) for case in cases]

    def _row(self, case: PatientCase) -> Row:
        one, reasons = self.found[case.pk]
        case.account, case.programme = self.account, one.programme
        duties = []
        if Reason.REPORT_DUE in reasons:
            duties = [rule["name"] for rule, _ in self.lookout.pressing_duties(one)]
        chosen = next((why for why in reasons if why == self.reason), reasons[0])
        step = FOLLOW_UP.get(chosen, "open")
        # Nobody books into what has expired.
        return Row(
            case, one, reasons, duties, "open" if self._is_over(one) and step == "book" else step
        )

    @property
    def address(self) -> QueryDict:
        """What the address says, without what is left open."""
        query = self.asked.copy()
        for name in list(query):
            if not query[name] or name == "page":
                del query[name]
        return query

    @property
    def words(self) -> str:
        """What is shown, as a line of words."""
        if not self.form.is_valid():
            return ""
        said = [why.label for why in Reason if why == self.reason] or ["all reasons"]
        programmes: Any = self.form.fields["programme"]
        wanted = self.form.cleaned_data
        said += [str(wanted[name]) for name in ("practitioner", "referrer") if wanted[name]]
        if wanted["programme"]:
            said.append(dict(programmes.choices)[wanted["programme"]])
        return " · ".join(said)
