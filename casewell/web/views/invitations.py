"""Accepting an invitation: by a new person, who chooses a password, or by a user, who signs in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django import forms
from django.contrib.auth import login
from django.db import transaction
from django.shortcuts import redirect, render

from casewell.accounts.invitations import InvitationGone
from casewell.accounts.models import Invitation, User
from casewell.audit.members import join

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

BACKEND = "casewell.accounts.backend.SignInBackend"
NEW_PASSWORD = forms.PasswordInput({"autocomplete": "new-password"})


class SignUpForm(forms.Form):
    """Who the invited person is, and a password by the rules of sign-in."""

    first_name = forms.CharField(max_length=150)
    last_name = forms.CharField(max_length=150)
    password = forms.CharField(
        widget=NEW_PASSWORD, strip=False, help_text="At least 12 characters; several words do well."
    )
    again = forms.CharField(label="The same again", widget=NEW_PASSWORD, strip=False)

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = {name: cleaned.get(name, "") for name in ("first_name", "last_name")}
        if password := cleaned.get("password"):
            try:
                get_adapter().clean_password(password, User(email=self.email, **names))
            except forms.ValidationError as error:
                self.add_error("password", error)
            if "again" in cleaned and cleaned["again"] != password:
                self.add_error("again", "The two passwords are not the same.")
        return cleaned


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in an invitation leads to. Looking changes nothing."""
    if limited := ratelimit.consume_or_429(request, action="signup"):
        return cast("HttpResponse", limited)
    one = Invitation.objects.open().with_token(token).select_related("account").first()
    answer = _answered(request, one) if one else _gone(request)
    # The address is the key: it goes into no cache, and into no other site's log. "no-referrer"
    # would make browsers send "Origin: null", which the protection against forgery refuses.
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answered(request: HttpRequest, one: Invitation) -> HttpResponse:
    known = User.objects.filter(email=one.email).first()
    if known and not known.is_active:
        return _gone(request)
    if known is None and not request.user.is_authenticated:
        return _new_person(request, one)
    if request.user != known:
        context = {"invitation": one, "known": known}
        return render(request, "invitations/sign_in_first.html", context)
    if request.method == "POST":
        return _entered(request, one, known)
    return render(request, "invitations/join.html", {"invitation": one})


def _new_person(request: HttpRequest, one: Invitation) -> HttpResponse:
    names = {"first_name": one.first_name, "last_name": one.last_name}
    form = SignUpForm(request.POST or None, email=one.email, initial=names)
    if form.is_valid():
        return _entered(request, one, None, form.cleaned_data)
    status = 422 if form.is_bound else 200
    context = {"invitation": one, "form": form}
    return render(request, "invitations/sign_up.html", context, status=status)


def _entered(
    request: HttpRequest, one: Invitation, known: User | None, chosen: dict[str, Any] | None = None
) -> HttpResponse:
    """Make the user where there is none, and the member; signed in, in the practice."""
    try:
        with transaction.atomic():
            user = known or _made(one, chosen or {})
            join(one, user)
    except (InvitationGone, forms.ValidationError):
        return _gone(request)
    if known is None:
        login(request, user, BACKEND)
    return redirect("calendar", one.account.slug)


def _made(one: Invitation, chosen: dict[str, Any]) -> User:
    # The invitation's row first: a second click waits here, and then finds it used.
    if not Invitation.objects.open().select_for_update(no_key=True).filter(pk=one.pk).exists():
        raise InvitationGone("This invitation can no longer be used.")
    return User.objects.create_user(
        email=one.email,
        password=chosen["password"],
        first_name=chosen["first_name"],
        last_name=chosen["last_name"],
    )


def _gone(request: HttpRequest) -> HttpResponse:
    """The same for a link that was never one, was used, was taken back or has run out."""
    return render(request, "invitations/gone.html", status=410)
