"""A clinic's buttons to other software."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower

from casewell.accounts.roles import Role
from casewell.audit.archiving import archive
from casewell.connections.addresses import LONGEST, Address
from casewell.connections.models.approvals import Approval, Approvals, NotOpened, decided_about
from casewell.connections.models.launch import AppLaunch
from casewell.connections.reasons import Refusal
from casewell.tenancy.fields import AccountField
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from casewell.appointments.models import Booking
    from casewell.audit.actors import Actor
    from casewell.cases.models import PatientCase
    from casewell.patients.models import Patient


class AppSwitchedOff(NotOpened):
    """The clinic has switched its button off, or removed it."""

    code = "app_switched_off"


class RoleMayNot(NotOpened):
    """The button is for other roles."""

    code = "role_may_not"


class NotOfPatient(NotOpened):
    """The case or appointment from which the app is opened is another patient's."""

    code = "not_of_patient"


def check_roles(roles: object) -> None:
    """Raise ValidationError for anything but a list of roles."""
    if not isinstance(roles, list) or not set(map(str, roles)) <= set(Role.values):
        raise ValidationError("Choose among the roles.")


def check_address(url: str) -> None:
    """Raise ValidationError for what no pattern could admit; whether one does is asked later."""
    try:
        Address.parse(url, settings.APP_ALLOWANCES)
    except Refusal as refusal:
        raise ValidationError(str(refusal), code=refusal.reason.value) from refusal


class ConnectedAppQuerySet(TenantQuerySet["ConnectedApp"]):
    def live(self) -> ConnectedAppQuerySet:
        return self.filter(archived_at=None)

    def in_order(self) -> ConnectedAppQuerySet:
        return self.order_by("position", "id")

    def shown_to(self, role: Role) -> list[ConnectedApp]:
        """The buttons of a role that can be opened now, in order; each knows its `approval`.

        One statement, for every page asks it.
        """
        anybody = models.Q(roles=[])
        theirs = self.live().filter(anybody | models.Q(roles__contains=[role.value]))
        buttons = list(
            theirs.filter(switched_off=False)
            .annotate(decided=decided_about("connections_connectedapp.url"))
            .in_order()
        )
        for button in buttons:
            button.approval = Approvals.of_rows(button.decided).find(button.url)  # type: ignore[attr-defined]
        return [button for button in buttons if button.approval]


ConnectedAppManager = TenantManager.from_queryset(ConnectedAppQuerySet)


class ConnectedApp(TenantModel):
    """A button of one clinic. No roles means all; a removed one is archived, its launches stay."""

    account = AccountField(related_name="connected_apps")
    name = models.CharField("app name", max_length=200)
    url = models.CharField("app URL", max_length=LONGEST, validators=[check_address])
    position = models.PositiveSmallIntegerField(default=0)
    roles = models.JSONField(default=list, blank=True, validators=[check_roles])
    switched_off = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[ConnectedAppManager] = ConnectedAppManager()  # type: ignore[type-arg]

    # Only on buttons of `shown_to`.
    approval: Approval | None = None

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                models.F("account"),
                Lower("name"),
                condition=models.Q(archived_at=None),
                name="connected_app_named_once",
                violation_error_message="Another app has this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_for(self, role: Role) -> bool:
        """Whether members of that role have this button."""
        return not self.roles or role in self.roles

    def archive(self, *, by: Actor) -> None:
        """Remove the button; who was opened with it stays in the histories."""
        archive(self, by=by)

    def launch(
        self,
        patient: Patient,
        *,
        by: Actor,
        case: PatientCase | None = None,
        booking: Booking | None = None,
    ) -> AppLaunch:
        """Write down that `by` opens this patient in the app; where, is in the launch.

        Everything is asked again as it is now. Raises NotOpened, and then nothing is written.
        """
        button = type(self).objects.get(pk=self.pk)
        if button.archived_at or button.switched_off:
            raise AppSwitchedOff(f"“{button.name}” is switched off in this practice.")
        if not (by.member and button.is_for(Role(by.member.role))):
            raise RoleMayNot(f"“{button.name}” is not for your role.")
        if case and case.patient_id != patient.pk:
            raise NotOfPatient("This case is another patient's.")
        if booking and not booking.attendees.filter(patient=patient).exists():
            raise NotOfPatient("This appointment is another patient's.")
        return AppLaunch.write(button, patient, Approvals.read().of(button.url), by, case, booking)
