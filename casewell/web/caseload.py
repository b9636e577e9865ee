"""The cases worklist: who is in it and why, filtered, ordered, a page at a time."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Q

from casewell.accounts.models import Practitioner
from casewell.cases.models.standing import standings
from casewell.cases.models.worklist import ORDERS, Lookout, Reason
from casewell.contacts.models import Contact
from casewell.lib.fields import ChoiceOfFew, RecordSearch
from casewell.web.caseload_rows import FOLLOW_UP, SHOWN, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from casewell.accounts.models import Account
    from casewell.cases.duties import DutyState
    from casewell.cases.models import PatientCase
    from casewell.cases.models.standing import Standing
    from casewell.cases.models.worklist import Found

ROWS, MANY_ROWS = 50, 500  # of a page; the latter to print
MOST_DIGITS = 6  # of a page's number


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
        by_code = dict(programmes)  # the versions of one share theirs
        named = sorted(by_code.items(), key=lambda one: one[1])
        field.choices = [("", "Every programme"), *named]


def pressing_duties_of(case: PatientCase) -> list[tuple[dict[str, Any], DutyState]]:
    """The rules of its programme that are due or overdue."""
    lookout = Lookout(case.account)
    [one] = standings(case.account, case.account.patient_cases.filter(pk=case.pk), lookout.now)
    return list(lookout.pressing_duties(one))


class Caseload:
    """The cases of a practice that somebody should look at, as the address asks for them."""

    def __init__(self, account: Account, asked: QueryDict) -> None:
        self.account, self.asked = account, asked
        self.lookout = Lookout(account)
        self.form = CaseloadFilter(asked)
        self.form.offer((rule.code, rule.name) for rule in self.lookout.rules.values())
        self.reason = asked.get("reason", "")
        self.sort = asked.get("sort") or "expires"

    @cached_property
    def _asked(self) -> Q:
        """What the filter asks of a case; none holds where it is not valid."""
        if not self.form.is_valid():
            return Q(pk__in=[])
        wanted, asked = self.form.cleaned_data, Q()
        if code := wanted["programme"]:
            asked &= Q(programme__code=code)
        if referrer := wanted["referrer"]:
            asked &= Q(contact=referrer)
        if practitioner := wanted["practitioner"]:
            visits = self.account.attendees.filter(archived_at=None, case__isnull=False)
            seen = visits.filter(booking__practitioner=practitioner)
            asked &= Q(pk__in=seen.order_by().values("case"))
        return asked

    @property
    def _wanted(self) -> Reason | None:
        return next((why for why in Reason if why == self.reason), None)

    def find(self, rows: slice = slice(0, None)) -> Found:
        """The cases that are asked for, these of them in order, and how many there are."""
        order = self.sort if self.sort.removeprefix("-") in ORDERS else "expires"
        return self.lookout.find(self._asked, reason=self._wanted, order=order, rows=rows)

    def page(self, size: int = ROWS) -> tuple[Page[Any], Found]:
        """The page that is asked for, whose `object_list` are rows, and all that was found."""
        start = self._start(size)
        found = self.find(slice(start, start + size))
        number = found.number(self._wanted)
        page: Page[Any] = Paginator(range(number), size).get_page(self.asked.get("page"))
        places: Any = page.object_list
        if number and places.start != start:  # there are not so many any more: the last page
            found = self.find(slice(places.start, places.start + size))
        page.object_list = self.rows(found)
        return page, found

    def _start(self, size: int) -> int:
        """Where the page begins that is asked for, if it is there."""
        asked = self.asked.get("page", "")
        is_number = asked.isascii() and asked.isdecimal() and len(asked) <= MOST_DIGITS
        return max(int(asked) - 1, 0) * size if is_number else 0

    def rows(self, found: Found) -> list[Row]:
        """With all that a row tells; one statement."""
        cases = self.account.patient_cases.all()
        if any(one.has_amount for one, _ in found.rows):
            cases = cases.with_amounts()
        related = cases.select_related("patient", "contact").only(*SHOWN)
        keys = [one.pk for one, _ in found.rows]
        by_key = {case.pk: case for case in related.filter(pk__any_of=keys)}
        return [self._row(by_key[one.pk], one, why) for one, why in found.rows if one.pk in by_key]

    def _row(self, case: PatientCase, one: Standing, reasons: tuple[Reason, ...]) -> Row:
        case.account, case.programme = self.account, one.programme
        if not one.has_amount:
            case.amount_limit, case.amount_used = None, Decimal()
        duties = []
        if Reason.REPORT_DUE in reasons:
            duties = [rule["name"] for rule, _ in self.lookout.pressing_duties(one)]
        chosen = next((why for why in reasons if why == self.reason), reasons[0])
        step = FOLLOW_UP.get(chosen, "open")
        # Nobody books into what has expired.
        return Row(
            case, one, reasons, duties, "open" if self._is_over(one) and step == "book" else step
        )

    def _is_over(self, one: Standing) -> bool:
        return one.expires_on is not None and one.expires_on < self.lookout.today

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
