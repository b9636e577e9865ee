"""Each time that a patient was opened in other software."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

from casewell.appointments.models import Booking
from casewell.audit.models import record_change
from casewell.cases.models import PatientCase
from casewell.connections.addresses import LONGEST
from casewell.connections.models.approved import ApprovedApp
from casewell.connections.models.key import LaunchKey
from casewell.connections.parameters import LAUNCH_TOKEN
from casewell.connections.sealing import subject
from casewell.connections.tokens import launch_token
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from casewell.audit.actors import Actor
    from casewell.connections.models.approvals import Approval
    from casewell.connections.models.connected import ConnectedApp


class AppLaunch(TenantModel):
    """That a patient was opened in another's software: a disclosure. Never changed."""

    append_only = True
    may_change = ("patient_id",)  # whose it is, by a merge alone; never what was opened

    account = AccountField(related_name="app_launches")
    app = TenantForeignKey("connections.ConnectedApp", models.PROTECT, related_name="launches")
    app_name = models.CharField(max_length=200)
    approved_app = models.ForeignKey(ApprovedApp, models.PROTECT, related_name="+", db_index=False)
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="app_launches")
    case = TenantForeignKey(
        PatientCase, models.PROTECT, null=True, related_name="app_launches", together=("patient",)
    )
    booking = TenantForeignKey(
        Booking,
        models.PROTECT,
        verbose_name="appointment",
        null=True,
        related_name="app_launches",
    )
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    address = models.CharField("opened", max_length=LONGEST + 100)
    is_signed = models.BooleanField("signed launch", default=False)

    # Only on one that was just made.
    approval: Approval | None = None

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "app", "id"], name="launches_of_app"),
            models.Index(fields=["account", "patient", "id"], name="launches_of_patient"),
            models.Index(fields=["account", "case", "id"], name="launches_of_case"),
            models.Index(fields=["account", "booking", "id"], name="launches_of_booking"),
        ]

    def __str__(self) -> str:
        return self.app_name

    @classmethod
    def write(
        cls,
        button: ConnectedApp,
        patient: Patient,
        approval: Approval,
        by: Actor,
        case: PatientCase | None,
        booking: Booking | None,
    ) -> AppLaunch:
        """The row, with its line in the patient's history; nothing secret is in either."""
        opened = approval.launch_address(patient.pk)
        launch: AppLaunch = cls.objects.create(
            account_id=button.account_id,
            app=button,
            app_name=button.name,
            approved_app=approval.app,
            patient=patient,
            case=case,
            booking=booking,
            user=by.member.user if by.member else None,
            address=opened.href,
            is_signed=approval.app.is_signed,
        )
        told: dict[str, Any] = {"app_name": button.name, "address": launch.address}
        told["is_signed"] = launch.is_signed
        told |= {"case": case.pk} if case else {}
        told |= {"booking": booking.pk} if booking else {}
        record_change(launch, "opened", {name: [None, what] for name, what in told.items()}, by=by)
        launch.approval = approval
        return launch

    def location(self) -> str:
        """Where the browser is sent now, with a token of a minute where the app takes one.

        Only of a launch that was just made.
        """
        if self.approval is None:
            raise ValueError("the way there is told once, when the launch is made")
        opened = self.approval.launch_address(self.patient_id)
        if not self.is_signed:
            return opened.href
        token = launch_token(
            opened,
            LaunchKey.to_sign_with().pair,
            sub=subject(self.approved_app_id, self.user_id),
            account=str(self.account_id),
            patient_id=str(self.patient_id),
            case_id=str(self.case_id) if self.case_id else None,
            appointment_id=str(self.booking_id) if self.booking_id else None,
        )
        return opened.with_parameter(LAUNCH_TOKEN, token).href
