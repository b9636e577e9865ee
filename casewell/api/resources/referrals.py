"""How patients came to the practice: the ways there are, and that of each patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from django.db.models import Case, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from casewell.accounts.roles import Permission
from casewell.api.bodies import Body, Ref
from casewell.api.calls import Answer
from casewell.api.errors import NotThere
from casewell.api.filters import Condition, Number
from casewell.api.filters import Moment as MomentFilter
from casewell.api.resource import Resource, usual_filters
from casewell.api.resources.referral_form import ReferralSourceAsSent
from casewell.api.routes import Route
from casewell.api.rows import At, Id, Link, Moment, Of, Path, Row, SelfLink, To
from casewell.api.writing import Writable
from casewell.patients.models import ReferralSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.api.calls import Call
    from casewell.api.prepared import Given
    from casewell.patients.models import ReferralSourceType

PATTERN = "patients/*/referral_source"
LISTS = {"Patient": "/patients", "Contact": "/contacts"}


def list_or_none(names: list[str]) -> list[str] | None:
    """The contract's word for no names."""
    return names or None


class ReferralSourceTypeRow(Row):
    id: Id
    name: str
    referrer_type: str | None
    subcategories: Annotated[list[str] | None, Of("subcategories", list_or_none)]
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    referrers: Annotated[Link | None, Path("referrer_type", LISTS.get)]
    links: SelfLink


class ReferralSourceTypes(Resource):
    name = "referral_source_types"
    row = ReferralSourceTypeRow
    reads = Permission.SEE_PATIENTS
    filters: ClassVar = usual_filters(deleted=False)

    def queryset(self, account: Account) -> QuerySet[ReferralSourceType]:
        return account.referral_source_types.all()


class ReferralSourceRow(Row):
    """It is hidden where its patient is."""

    id: Id
    referrer_type: str | None
    subcategory: str | None
    notes: str | None
    created_at: Moment
    updated_at: Moment
    archived_at: Annotated[Moment | None, Of("patient__archived_at")]
    patient: Annotated[Link, To("patients", "patient_id")]
    referral_source_type: Annotated[Link, To("referral_source_types", "referral_source_type_id")]
    referrer: Annotated[Link | None, Path("referrer_at")]
    links: Annotated[SelfLink, At("/patients/{id}/referral_source", "patient_id")]


class ReferralSourceBody(Body):
    notes: str | None
    referral_source_type_id: Ref
    referrer_id: Ref | None
    subcategory: str | None


def either_referrer(operator: str, key: Given) -> Q | None:
    """Each of the two has an index."""
    if operator != "=":
        return None
    patient, contact = (
        Condition(column, " = ANY ", key)
        for column in ("referrer_patient_id", "referrer_contact_id")
    )
    return Q(patient) | Q(contact)


class ReferralSources(Writable):
    """A patient has one or none: it is read and written at the patient, and listed with others."""

    name = "referral_sources"
    row = ReferralSourceRow
    body = ReferralSourceBody
    form = ReferralSourceAsSent
    reads = Permission.SEE_PATIENTS
    changes = Permission.EDIT_PATIENTS
    has_items = False
    item_by = "patient_id"
    hides = ("patient__archived_at",)
    filters: ClassVar = usual_filters(
        deleted=False,
        archived_at=MomentFilter("patient__archived_at"),
        referral_source_type_id=Number(),
        referrer_id=Number(Coalesce("referrer_patient_id", "referrer_contact_id"), either_referrer),
    )

    def queryset(self, account: Account) -> QuerySet[ReferralSource]:
        by_patient = When(referrer_patient__isnull=False, then=Value("Patient"))
        by_contact = When(referrer_contact__isnull=False, then=Value("Contact"))
        return self.counted(account).annotate(
            referrer_type=Case(by_patient, by_contact),
            referrer_at=Coalesce(
                _address("/patients/", "referrer_patient_id"),
                _address("/contacts/", "referrer_contact_id"),
            ),
        )

    def counted(self, account: Account) -> QuerySet[ReferralSource]:
        return account.referral_sources.all()

    def records(self, account: Account) -> QuerySet[ReferralSource]:
        return account.referral_sources.all()

    def further(self) -> Iterator[Route]:
        yield Route("GET", PATTERN, self.read, self, "read")
        yield Route("PATCH", PATTERN, self.update, self, "update")
        yield Route("PUT", PATTERN, self.update, self, "update")

    def update(self, call: Call) -> Answer:
        """Say how the patient came, for the first time or anew."""
        call.require(Permission.EDIT_PATIENTS)
        key = call.ids[-1]
        # The patient's row is held, so that two who say it first become one after the other.
        patients = call.account.patients.live().select_for_update(of=("self",), no_key=True)
        patient = patients.filter(pk=key).first()
        if patient is None:
            raise NotThere
        source = self.records(call.account).filter(patient=patient).first()
        if source is not None:
            self.refuse_unless_seen(call)
        values = self.body.read(call.body, creating=False)
        new = ReferralSource(account=call.account, patient=patient)
        self.update_record(call, source or new, values)
        return Answer(200, self.one(call, key, hidden=True))


def _address(before: str, column: str) -> Any:
    """Where a record is, by the column of its id; NULL without one."""
    text = Concat(Value(before), Cast(column, TextField()), output_field=TextField())
    return Case(When(**{f"{column}__isnull": False}, then=text))
