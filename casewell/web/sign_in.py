"""The library's forms of sign-in and passwords, in our words: labels above, nothing said twice."""

from __future__ import annotations

from typing import Any

from allauth.account import forms


class Plain:
    """A form without the labels again as placeholders, and without a link between its fields."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.label = str(field.label).capitalize()


class LoginForm(Plain, forms.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # the page has that link below the button


class ReauthenticateForm(Plain, forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(Plain, forms.ChangePasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(Plain, forms.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(Plain, forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass
