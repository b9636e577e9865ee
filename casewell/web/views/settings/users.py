"""Settings: members, their roles and keys to the API, and who is invited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from casewell.accounts.models import ApiKey, Invitation, Membership
from casewell.accounts.roles import Role
from casewell.audit.invitation_form import InvitationForm
from casewell.audit.mail import send_later
from casewell.audit.members import change_role, renew, revoke, switch_off, switch_on
from casewell.lib.errors import RuleViolation
from casewell.lib.full_address import full_address
from casewell.web.paging import page_of
from casewell.web.views.settings.sections import page_of_settings

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

SECTION = "settings-users"


def users(request: PracticeRequest) -> HttpResponse:
    """Members, invitations and keys; a POST invites somebody."""
    invitation = Invitation(account=request.account, role=Role.RECEPTIONIST)
    form = InvitationForm(request.POST or None, instance=invitation)
    if form.is_valid():
        return _sent(request, invitation, form.issue(by=request.actor))
    return _page(request, form, status=422 if form.is_bound else 200)


def _page(
    request: PracticeRequest,
    form: InvitationForm | None = None,
    link: str = "",
    link_for: Invitation | None = None,
    status: int = 200,
) -> HttpResponse:
    members = request.account.memberships.select_related("user")
    pending = request.account.invitations.pending().select_related("invited_by")
    keys = ApiKey.objects.unended().filter(membership__account=request.account)
    fresh = Invitation(account=request.account, role=Role.RECEPTIONIST)
    context = {
        "members": members.order_by("-active", "user__last_name", "user__first_name", "id"),
        "invitations": list(pending.order_by("-id")),
        "form": form or InvitationForm(instance=fresh),
        "roles": Role.choices,
        "link": link,
        "link_for": link_for,
        "mail_is_set_up": settings.MAIL_IS_SET_UP,
        "page_obj": page_of(
            request, keys.select_related("membership__user", "membership__account").order_by("-id")
        ),
    }
    return page_of_settings(request, "settings/users.html", SECTION, context, status)


def _sent(request: PracticeRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Send the link or, without a mail server, show it: this once, for it is kept nowhere."""
    link = full_address("invitation", token)
    if not settings.MAIL_IS_SET_UP:
        return _page(request, link=link, link_for=invitation)
    told = {"invitation": invitation, "link": link, "by": request.user}
    send_later(
        request.account,
        to=invitation.email,
        subject=f"{request.user} invites you to {request.account.name}",
        body=render_to_string("settings/invitation.txt", told),
        reply_to=request.user.email,
    )
    messages.success(request, f"An invitation is on its way to {invitation.email}.")
    return redirect(SECTION, request.account.slug)


def renewal(request: PracticeRequest, pk: int) -> HttpResponse:
    """Invite again, with a new link. Reloading its answer leads back to the list."""
    rows = request.account.invitations.pending().select_for_update(no_key=True)
    invitation = get_object_or_404(rows, pk=pk)
    if request.method != "POST":
        return redirect(SECTION, request.account.slug)
    return _sent(request, invitation, renew(invitation, by=request.actor))


@require_POST
def revocation(request: PracticeRequest, pk: int) -> HttpResponse:
    rows = request.account.invitations.pending().select_for_update(no_key=True)
    invitation = get_object_or_404(rows, pk=pk)
    revoke(invitation, by=request.actor)
    messages.success(request, f"The invitation of {invitation.email} is taken back.")
    return redirect(SECTION, request.account.slug)


@require_POST
def role(request: PracticeRequest, pk: int) -> HttpResponse:
    member, wanted = _member(request, pk), request.POST.get("role", "")
    seen = request.POST.get("seen", "")
    if wanted not in Role.values:
        return HttpResponseBadRequest()
    try:
        change_role(member, Role(wanted), seen=seen, by=request.actor)
    except RuleViolation as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, f"{member.user} is {member.get_role_display()} now.")
    return redirect(SECTION, request.account.slug)


@require_POST
def switching_off(request: PracticeRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    try:
        switch_off(member, by=request.actor)
    except RuleViolation as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, f"{member.user} can no longer come in.")
    return redirect(SECTION, request.account.slug)


@require_POST
def switching_on(request: PracticeRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    switch_on(member, by=request.actor)
    messages.success(request, f"{member.user} can come in again.")
    return redirect(SECTION, request.account.slug)


def _member(request: PracticeRequest, pk: int) -> Membership:
    found: Membership = get_object_or_404(
        request.account.memberships.select_related("user", "account").select_for_update(
            of=("self",), no_key=True
        ),
        pk=pk,
    )
    return found
