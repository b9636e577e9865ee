"""Settings: webhooks, what was sent to each, and sending again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from casewell.events.forms import EndpointForm, SendAgainForm
from casewell.events.models import Delivery, TooManyEndpoints, WebhookEndpoint
from casewell.events.models.endpoint import MOST_ENDPOINTS
from casewell.web.paging import page_of
from casewell.web.views.settings.sections import page_of_settings

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

SECTION, ONE = "settings-webhooks", "settings-webhook"
STATES = {"waiting": "Waiting", "delivered": "Delivered", "failed": "Failed"}


def webhooks(request: PracticeRequest) -> HttpResponse:
    """All of them, with how the calls go."""
    rows = request.account.webhook_endpoints.kept().with_calls().order_by("id")
    context = {"endpoints": list(rows), "most": MOST_ENDPOINTS}
    return page_of_settings(request, "webhooks/webhooks.html", SECTION, context)


def new(request: PracticeRequest) -> HttpResponse:
    """Add one; the answer alone shows its secret."""
    form = EndpointForm(request.POST or None, instance=WebhookEndpoint(account=request.account))
    if form.is_valid():
        try:
            secret = form.add(by=request.actor)
        except TooManyEndpoints as refused:
            form.add_error(None, str(refused))
        else:
            return _page(request, form.instance, secret=secret)
    return _form(request, form)


def edit(request: PracticeRequest, pk: int) -> HttpResponse:
    endpoint = _endpoint(request, pk)
    form = EndpointForm(request.POST or None, instance=endpoint)
    if form.is_valid():
        form.save(by=request.actor)
        messages.success(request, "The webhook is saved.")
        return redirect(ONE, request.account.slug, pk)
    return _form(request, form)


def webhook(request: PracticeRequest, pk: int) -> HttpResponse:
    """One of them, with its deliveries, latest first."""
    return _page(request, _endpoint(request, pk))


def _form(request: PracticeRequest, form: EndpointForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return page_of_settings(request, "webhooks/form.html", SECTION, {"form": form}, status)


def _page(request: PracticeRequest, endpoint: WebhookEndpoint, secret: str = "") -> HttpResponse:
    state = request.GET.get("state", "")
    deliveries = endpoint.deliveries.in_state(state).select_related("event").order_by("-id")
    context: dict[str, Any] = {
        "endpoint": endpoint,
        "secret": secret,
        "page_obj": page_of(request, deliveries),
        "states": STATES,
        "state": state if state in STATES else "",
        "again": SendAgainForm(),
    }
    return page_of_settings(request, "webhooks/webhook.html", SECTION, context)


def secret(request: PracticeRequest, pk: int) -> HttpResponse:
    """Give it a new secret; a GET asks first, and the answer to the POST alone shows it."""
    endpoint = _endpoint(request, pk)
    if request.method == "POST":
        return _page(request, endpoint, endpoint.rotate(by=request.actor))
    return page_of_settings(request, "webhooks/secret.html", SECTION, {"endpoint": endpoint})


def removal(request: PracticeRequest, pk: int) -> HttpResponse:
    """Take it away; a GET asks first."""
    endpoint = _endpoint(request, pk)
    if request.method != "POST":
        return page_of_settings(request, "webhooks/removal.html", SECTION, {"endpoint": endpoint})
    endpoint.archive(by=request.actor)
    messages.success(request, "The webhook is removed.")
    return redirect(SECTION, request.account.slug)


@require_POST
def switch(request: PracticeRequest, pk: int) -> HttpResponse:
    """Off or on, as `to` says; what it is already stays."""
    endpoint = _endpoint(request, pk)
    is_wanted = request.POST.get("to") == "on"
    if is_wanted != endpoint.is_live:
        (endpoint.enable if is_wanted else endpoint.disable)(by=request.actor)
    messages.success(request, f"The webhook is {'on' if is_wanted else 'off'}.")
    return redirect(ONE, request.account.slug, pk)


@require_POST
def trial(request: PracticeRequest, pk: int) -> HttpResponse:
    """Send it a test event."""
    endpoint = _endpoint(request, pk)
    if endpoint.is_live:
        endpoint.send_test(by=request.actor)
        messages.success(request, "A test event is on its way. What comes of it stands below soon.")
    else:
        messages.error(request, "The webhook is off: switch it on first.")
    return redirect(ONE, request.account.slug, pk)


@require_POST
def send_failed_again(request: PracticeRequest, pk: int) -> HttpResponse:
    """Send anew all that failed there since then."""
    endpoint, form = _endpoint(request, pk), SendAgainForm(request.POST)
    count = 0
    if form.is_valid():
        count = Delivery.send_failed_again(endpoint, form.since, by=request.actor)
    said = {0: "Nothing failed in that time.", 1: "One delivery is sent again."}
    messages.success(request, said.get(count, f"{count} deliveries are sent again."))
    return redirect(ONE, request.account.slug, pk)


@require_POST
def send_again(request: PracticeRequest, pk: int) -> HttpResponse:
    """Send one delivery anew, whatever came of it."""
    kept = request.account.deliveries.filter(endpoint__archived_at=None)
    delivery = get_object_or_404(kept.select_related("endpoint"), pk=pk)
    delivery.send_again(by=request.actor)
    messages.success(request, "It is sent again.")
    return redirect(ONE, request.account.slug, delivery.endpoint_id)


def _endpoint(request: PracticeRequest, pk: int) -> WebhookEndpoint:
    rows = request.account.webhook_endpoints.kept()
    held = rows.select_for_update(no_key=True) if request.method == "POST" else rows
    found: WebhookEndpoint = get_object_or_404(held, pk=pk)
    return found
