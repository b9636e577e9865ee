"""Your account: your name, where you are signed in, and the practices you belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from casewell.accounts.models import Membership, User
from casewell.accounts.sessions import digest_of_session, end_sign_ins, sign_ins
from casewell.audit.members import renamed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class NameForm(forms.ModelForm):  # type: ignore[type-arg]
    """How others see you, in every practice."""

    class Meta:
        model = User
        fields: ClassVar = ["title", "first_name", "last_name"]


def yourself(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=cast("User", request.user).pk)
    form = NameForm(request.POST or None, instance=user, label_suffix="")
    if form.is_valid():
        renamed(user)
        messages.success(request, "Your name is saved.")
        return redirect("yourself")
    if request.session.modified:
        request.session.save()  # a session that has just begun is in its own list
    members = Membership.objects.filter(user=user, active=True).select_related("account")
    context = {
        "form": form,
        "memberships": members.order_by("account__name"),
        "sign_ins": sign_ins(user),
        "here": digest_of_session(request.session.session_key),
    }
    status = 422 if form.is_bound else 200
    return render(request, "account/yourself.html", context, status=status)


@require_POST
def ended_sign_ins(request: HttpRequest) -> HttpResponse:
    """End one other session of yours, or with none named all others."""
    here = digest_of_session(request.session.session_key)
    only = request.POST.get("session", "")
    ended = end_sign_ins(cast("User", request.user), but=here, only=only)
    said = {0: "Nobody else was signed in as you.", 1: "One other session is ended."}
    messages.success(request, said.get(ended, f"{ended} other sessions are ended."))
    return redirect("yourself")
