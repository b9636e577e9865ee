"""Addresses of signing in and of passwords."""

from __future__ import annotations

from allauth.account import views as sign_in

from casewell.web.routes import public, signed_in
from casewell.web.views import invitations, yourself

SIGN_IN = [
    public("sign-in/", sign_in.login, name="account_login"),
    public("sign-out/", sign_in.logout, name="account_logout"),
    public("password/inactive/", sign_in.account_inactive, name="account_inactive"),
    public("password/reset/", sign_in.password_reset, name="account_reset_password"),
    public("password/reset/sent/", sign_in.password_reset_done, name="account_reset_password_done"),
    public(
        "password/reset/<str:uidb36>-<str:key>/",
        sign_in.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    public(
        "password/reset/done/",
        sign_in.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    public("sign-up/", sign_in.signup, name="account_signup"),
    public("sign-up/invitation/<str:token>", invitations.invitation, name="invitation"),
    signed_in("account/", yourself.yourself, name="yourself"),
    signed_in("account/sessions/ended", yourself.ended_sign_ins, name="sign-ins-ended"),
    signed_in("password/again/", sign_in.reauthenticate, name="account_reauthenticate"),
    signed_in("password/change/", sign_in.password_change, name="account_change_password"),
]
