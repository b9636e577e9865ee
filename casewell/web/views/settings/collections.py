"""Records that settings keep in lists: each is listed, added, changed, archived and restored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from casewell.appointments.setting_up import AppointmentTypeForm, BlockTypeForm, archive_business
from casewell.audit.archiving import archive, restore
from casewell.audit.practice_forms import BusinessForm
from casewell.invoices.charges import charges_of
from casewell.lib.errors import RuleViolation
from casewell.patients.forms import ConcessionTypeForm, ReferralSourceTypeForm
from casewell.web.paging import page_of
from casewell.web.views.settings.sections import page_of_settings, where_next

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model
    from django.http import HttpResponse

    from casewell.audit.forms import RecordForm
    from casewell.web.requests import PracticeRequest


@dataclass(frozen=True)
class Collection:
    """One list of settings: `routes` is what its routes' names begin with."""

    routes: str
    title: str
    one: str
    related: str
    order: tuple[str, ...]
    form: type[RecordForm[Any]]
    template: str
    meaning: str
    archive: Callable[..., None] = archive
    beside: tuple[str, ...] = ()  # what the list reads with its rows
    more: Callable[[Any], dict[str, Any]] | None = None  # what a stored record's page shows too

    @property
    def section(self) -> str:
        odd = {"settings-business": "settings-businesses", "settings-tax": "settings-taxes"}
        return odd.get(self.routes, f"{self.routes}s")

    def rows(self, request: PracticeRequest) -> Any:
        return getattr(request.account, self.related).all()

    def list(self, request: PracticeRequest) -> HttpResponse:
        archived = request.GET.get("archived") == "yes"
        rows = self.rows(request).filter(archived_at__isnull=not archived).order_by(*self.order)
        return self._page(
            request,
            self.template,
            {
                "page_obj": page_of(request, rows.prefetch_related(*self.beside)),
                "archived": archived,
            },
        )

    def new(self, request: PracticeRequest) -> HttpResponse:
        record = self.rows(request).model(account=request.account)
        if hasattr(record, "time_zone"):
            record.time_zone = request.account.time_zone
            record.country_code = request.account.country_code
        return self._form(request, record)

    def edit(self, request: PracticeRequest, pk: int) -> HttpResponse:
        rows = self.rows(request)
        held = rows.select_for_update(no_key=True) if request.method == "POST" else rows
        return self._form(request, get_object_or_404(held, pk=pk))

    def put_away(self, request: PracticeRequest, pk: int) -> HttpResponse:
        """Archive it, or say why not."""
        return self._act(request, pk, self.archive, "is archived")

    def bring_back(self, request: PracticeRequest, pk: int) -> HttpResponse:
        return self._act(request, pk, restore, "is restored")

    def _act(
        self, request: PracticeRequest, pk: int, verb: Callable[..., None], done: str
    ) -> HttpResponse:
        record = get_object_or_404(self.rows(request), pk=pk)
        try:
            verb(record, by=request.actor)
        except RuleViolation as reason:
            messages.error(request, str(reason))
            return redirect(self.routes, request.account.slug, pk)
        messages.success(request, f"{record} {done}.")
        return redirect(self.section, request.account.slug)

    def _form(self, request: PracticeRequest, record: Model) -> HttpResponse:
        form = self.form(request.POST or None, instance=record)
        if form.is_valid():
            saved = form.save(by=request.actor)
            messages.success(request, f"{saved} is saved.")
            return redirect(where_next(request, self.section), request.account.slug)
        return self._record_page(request, record, {"form": form}, 422 if form.is_bound else 200)

    def page_of(
        self, request: PracticeRequest, record: Model, context: dict[str, Any], status: int
    ) -> HttpResponse:
        """The record's page, where a form beside its own was refused."""
        known = {"form": self.form(instance=record)}
        return self._record_page(request, record, known | context, status)

    def _record_page(
        self, request: PracticeRequest, record: Model, context: dict[str, Any], status: int
    ) -> HttpResponse:
        more = self.more(record) if self.more and not record._state.adding else {}
        known = {"record": record} | more | context
        return self._page(request, "settings/form.html", known, status)

    def _page(
        self, request: PracticeRequest, template: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        known = {
            "collection": self,
            "new_route": f"{self.routes}-new",
            "archive_route": f"{self.routes}-archive",
            "restore_route": f"{self.routes}-restore",
        }
        return page_of_settings(request, template, self.section, known | context, status)

    @property
    def posts(self) -> tuple[Any, Any]:
        """`put_away` and `bring_back`, for POST alone."""
        return require_POST(self.put_away), require_POST(self.bring_back)


BUSINESSES = Collection(
    "settings-business",
    "Businesses",
    "business",
    "businesses",
    ("id",),
    BusinessForm,
    "settings/businesses.html",
    "It can no longer be chosen, and past bookings there stay. Bookings to come have to be moved "
    "or cancelled first.",
    archive_business,
)
TYPES = Collection(
    "settings-type",
    "Appointment types",
    "appointment type",
    "appointment_types",
    ("category", "name", "id"),
    AppointmentTypeForm,
    "settings/types.html",
    "It can no longer be booked. Appointments of this type keep it, and it can be restored.",
    more=lambda record: {"charges": charges_of(record)},
)
BLOCKS = Collection(
    "settings-block",
    "Unavailable blocks",
    "reason for blocked time",
    "unavailable_block_types",
    ("name", "id"),
    BlockTypeForm,
    "settings/blocks.html",
    "It can no longer be chosen. Blocks with this reason keep it, and it can be restored.",
)
CONCESSIONS = Collection(
    "settings-concession",
    "Concessions",
    "concession",
    "concession_types",
    ("name", "id"),
    ConcessionTypeForm,
    "settings/concessions.html",
    "It can no longer be chosen. Patients who have it keep it, and it can be restored.",
)
REFERRALS = Collection(
    "settings-referral",
    "Referral sources",
    "referral source",
    "referral_source_types",
    ("name", "id"),
    ReferralSourceTypeForm,
    "settings/referrals.html",
    "It can no longer be chosen. Patients who came this way keep it, and it can be restored.",
)
