"""Your account: name, password, colours, and the practices you belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render

from casewell.accounts.models import Membership, User

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
        form.save()
        messages.success(request, "Your name is saved.")
        return redirect("yourself")
    members = Membership.objects.filter(user=user, active=True).select_related("account")
    context = {"form": form, "memberships": members.order_by("account__name")}
    status = 422 if form.is_bound else 200
    return render(request, "account/yourself.html", context, status=status)
