"""Patient cases, with what Casewell adds: how many sessions are used, left and booked."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, DateField, DateTimeField, F, OuterRef, Q, Value, When
from django.db.models.functions import Greatest

from casewell.accounts.case_policy import WhenFull
from casewell.accounts.roles import Permission
from casewell.api.bodies import Amount, Ref, decimal_of
from casewell.api.bodies import Day as SentDay
from casewell.api.errors import Invalid
from casewell.api.filters import Day as DayFilter
from casewell.api.filters import Moment as MomentFilter
from casewell.api.filters import Number, Text
from casewell.api.prepared import Given
from casewell.api.resource import Listing, usual_filters
from casewell.api.resources.case_contents import put_files, put_visits
from casewell.api.resources.case_periods import CAP_COLUMNS, period_usage
from casewell.api.resources.case_rows import CaseRow
from casewell.api.resources.doors import ADDED, WhenFullBody
from casewell.api.writing import Writable, one_of
from casewell.cases.forms import PatientCaseForm
from casewell.cases.models import PatientCase
from casewell.contacts.models import Contact

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.api.calls import Call

# Properties that no form keeps, and fields of the form that only pages have.
BESIDE_FORM = {"patient_id", "closed", "attendee_ids", "patient_attachment_ids", *ADDED}
LEFT_TO_PAGES = ("programme", "limit_kind")
CLOSED_BY = "Closed through the API"


class CaseBody(WhenFullBody):
    required = ("name", "patient_id")

    name: str
    patient_id: Ref
    contact_id: Ref | None
    issue_date: SentDay | None
    expiry_date: SentDay | None
    referral: bool | None
    referral_type: Literal["dva", "medicare"] | None
    max_sessions: int | None
    max_invoiceable_amount: Amount | None
    include_cancelled_attendees: bool | None
    include_dna_attendees: bool | None
    notes: str | None
    closed: bool | None
    attendee_ids: list[Ref] | None
    patient_attachment_ids: list[Ref]


class CaseAsSent(PatientCaseForm):
    """The form of the pages; both limits may be given, and any contact refers."""

    contact = forms.ModelChoiceField(Contact.objects.live(), required=False)


class PatientCases(Writable):
    name = "patient_cases"
    row = CaseRow
    body = CaseBody
    form = CaseAsSent
    reads = Permission.SEE_PATIENTS
    creates = changes = Permission.EDIT_CASES
    removes = Permission.ARCHIVE_CASES
    deletes = False
    lists = (Listing(), Listing("active", Q(closed_at=None)))
    additions = frozenset(
        {
            *("status", "session_limit", "expires_on", "funding_type", "period_usage"),
            *("sessions_counted", "sessions_used", "sessions_booked", "sessions_left"),
            *("amount_limit", "amount_used", "amount_left"),
            *("contact_id", "programme"),
            *ADDED,
        }
    )
    filters: ClassVar = usual_filters(
        deleted=False,
        name=Text(),
        patient_id=Number(),
        contact_id=Number(),
        programme=Text("programme__code"),
        status=Text(),
        referral_type=Text(),
        issue_date=DayFilter(),
        expiry_date=DayFilter(),
        closed_at=MomentFilter(),
    )
    sorted_by: ClassVar = {"sessions_left": "sessions_left"}
    beside = (
        *("discipline", "plan_date", "patient__first_nations_status"),
        *(f"programme__{name}" for name in CAP_COLUMNS),
    )

    def queryset(self, account: Account) -> QuerySet[PatientCase]:
        visits = account.attendees.filter(case=OuterRef("pk"), archived_at=None)
        now = Given("now", DateTimeField())
        today = Given("today", DateField())
        rows = account.patient_cases.with_status(today, now).with_cap_visits()
        amount_left = Greatest(F("amount_limit") - F("amount_used"), Value(Decimal("0.00")))
        allocated = F("sessions_counted") + F("sessions_elsewhere")
        return rows.with_amounts().annotate(
            today=today,
            amount_remaining=Case(When(amount_limit=None, then=None), default=amount_left),
            attendee_ids=ArraySubquery(visits.order_by("id").values("id")),
            sessions_left=Case(
                When(session_limit=None, then=None),
                default=Greatest(F("session_limit") - allocated, 0),
            ),
        )

    def values(self, call: Call) -> dict[str, Any]:
        return super().values(call) | {"today": call.account.today()}

    def records(self, account: Account) -> QuerySet[PatientCase]:
        return account.patient_cases.select_related("account", "programme", "patient")

    def completed(self, call: Call, rows: Any) -> Any:
        """Of each case under a cap, the periods in which its patient has visits, and this one."""
        columns, today = self.layout.columns, call.account.today()
        at = columns.index("cap_visits")
        return [(*row[:at], period_usage(columns, row, today), *row[at + 1 :]) for row in rows]

    # Writing

    def new(self, call: Call, values: dict[str, Any]) -> PatientCase:
        patients = call.account.patients.live()
        patient = one_of(patients, values.get("patient_id"), "patient_id")
        return PatientCase(account=call.account, patient=patient)

    def create_record(self, call: Call, values: dict[str, Any]) -> PatientCase:
        case: PatientCase = self._stored(call, self.new(call, values), values)
        return case

    def update_record(self, call: Call, record: PatientCase, values: dict[str, Any]) -> Any:
        if "patient_id" in values:
            self._change_patient(call, record, values["patient_id"])
        return self._stored(call, record, values)

    def _change_patient(self, call: Call, case: PatientCase, key: Any) -> None:
        """A case is another patient's only while nothing of the first is in it."""
        if int(key) == case.patient_id:
            return
        patient = one_of(call.account.patients.live(), key, "patient_id")
        if case.attendees.exists() or case.attachment_links.exists():
            raise Invalid({"patient": "cannot be changed: visits or files are in the case"})
        case.patient = patient

    def _stored(self, call: Call, case: PatientCase, values: dict[str, Any]) -> PatientCase:
        """The case as the form keeps it, then closed or not, its visits and its files."""
        may_raise = call.account.lets(call.member.role, WhenFull.RAISE)
        own = {name: value for name, value in values.items() if name not in BESIDE_FORM}
        for amount in own.keys() & {"max_invoiceable_amount"}:
            own[amount] = decimal_of(own[amount])
        self.saved(call, case, own, may_raise=may_raise, leaving=LEFT_TO_PAGES)
        if "closed" in values and bool(values["closed"]) != bool(case.closed_at):
            case.close(CLOSED_BY, by=call.actor) if values["closed"] else case.reopen(by=call.actor)
        if "attendee_ids" in values:
            put_visits(call, case, values)
        if "patient_attachment_ids" in values:
            put_files(call, case, {int(key) for key in values["patient_attachment_ids"]})
        return case
