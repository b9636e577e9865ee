"""The cases worklist: who is in it and why, filtered, ordered, a page at a time."""

from __future__ import annotations

import heapq
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import ExpressionWrapper, F
from django.utils import timezone

from casewell.accounts.models import Practitioner
from casewell.cases.models.worklist import Lookout, Reason, standings
from casewell.contacts.models import Contact
from casewell.lib.fields import ChoiceOfFew, RecordSearch
from casewell.tenancy.fields import IdField
from casewell.web.caseload_rows import FOLLOW_UP, SHOWN, Row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet
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
Found = tuple["Standing", tuple[Reason, ...]]


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


def _among_many(cases: QuerySet[PatientCase], keys: Iterable[int]) -> QuerySet[PatientCase]:
    """Those of thousands of keys, which PostgreSQL would look for in an index for each patient.

    What is added keeps it from that: it looks each case up among the keys.
    """
    key: Any = ExpressionWrapper(F("pk") + 0, IdField())
    return cases.alias(key=key).filter(key__any_of=keys)


class Caseload:
    """The cases of a practice that somebody should look at, as the address asks for them."""

    def __init__(self, account: Account, asked: QueryDict) -> None:
        self.account, self.asked = account, asked
        now = timezone.now()
        self.lookout = Lookout(account.today(), now, account.course_ends_after_weeks)
        self.all = self.lookout.found_among(standings(account, now=now))
        self.form = CaseloadFilter(asked)
        self.form.offer((rule.code, rule.name) for rule in self.lookout.programmes)
        self.reason = asked.get("reason", "")
        self.sort = asked.get("sort") or "expires"

    @cached_property
    def filtered(self) -> list[Found]:
        """Those of all reasons; none where the filter is not valid."""
        if not self.form.is_valid():
            return []
        wanted, found = self.form.cleaned_data, self.all
        if code := wanted["programme"]:
            found = [(o, why) for o, why in found if o.programme and o.programme.code == code]
        if referrer := wanted["referrer"]:
            found = self._among(found, self.account.patient_cases.filter(contact=referrer), "pk")
        if practitioner := wanted["practitioner"]:
            visits = self.account.attendees.filter(archived_at=None, case__isnull=False)
            found = self._among(found, visits.filter(booking__practitioner=practitioner), "case_id")
        return found

    def _among(self, found: list[Found], rows: QuerySet[Any], key: str) -> list[Found]:
        """Those whose case is the `key` of one of the rows."""
        keys = set(rows.order_by().values_list(key, flat=True).distinct())
        return [(one, why) for one, why in found if one.pk in keys]

    @property
    def counts(self) -> list[tuple[Reason, int]]:
        """How many there are for each reason."""
        found: Counter[Reason] = Counter()
        for reasons, number in Counter(reasons for _, reasons in self.filtered).items():
            found.update(dict.fromkeys(reasons, number))
        return [(reason, found[reason]) for reason in Reason]

    @cached_property
    def found(self) -> list[Found]:
        """Those with the reason that is asked for, in any order."""
        if not self.reason:
            return self.filtered
        return [row for row in self.filtered if self.reason in row[1]]

    def _ordered(self, first: int, last: int) -> list[Found]:
        """The found ones from one place to another, by what is left or by the day of expiry.

        Of thousands a page shows few: only those that may be among them are put in order.
        """
        sign = -1 if self.sort.startswith("-") else 1
        by_left = self.sort.removeprefix("-") == "left"
        ranks = [sign * rank for rank in (self._by_left() if by_left else self._by_end())]
        edge = max(heapq.nsmallest(last, ranks), default=0)
        near = sorted(
            (rank, sign * row[0].pk, row)
            for rank, row in zip(ranks, self.found, strict=True)
            if rank <= edge
        )
        return [row for _, _, row in near[first:last]]

    def _by_left(self) -> list[int]:
        return [NEVER if one.left is None else one.left for one, _ in self.found]

    def _by_end(self) -> list[int]:
        """By the day of expiry, of which there are few; what has expired comes last of all."""
        ranks: dict[date | None, int] = {None: NEVER}
        for day in {one.expires_on for one, _ in self.found}:
            if day is not None:
                ranks[day] = day.toordinal() + (NEVER if day < self.lookout.today else 0)
        return [ranks[one.expires_on] for one, _ in self.found]

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
        """Those of the found cases from one place to another, in order."""
        rows = self.account.patient_cases.with_amounts()
        related = rows.select_related("patient", "contact").only(*SHOWN)
        if by_name := BY_NAME.get(self.sort.removeprefix("-")):
            found = {row[0].pk: row for row in self.found}
            order = [f"-{f}" for f in by_name] if self.sort.startswith("-") else by_name
            cases = list(_among_many(related, found).order_by(*order)[first:last])
        else:
            found = {row[0].pk: row for row in self._ordered(first, last)}
            by_key = {case.pk: case for case in related.filter(pk__any_of=found)}
            cases = [by_key[key] for key in found if key in by_key]
        return [self._row(case, *found[case.pk]) for case in cases]

    def _row(self, case: PatientCase, one: Standing, reasons: tuple[Reason, ...]) -> Row:
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
