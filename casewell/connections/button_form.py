"""One row of a clinic's settings of connected apps: what may be typed there, and what it means."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings

from casewell.accounts.roles import Role
from casewell.connections.addresses import Address
from casewell.connections.hosts import in_own_letters
from casewell.connections.models.approvals import AddressNotApproved, NotOpened
from casewell.connections.reasons import Reason, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import QueryDict

    from casewell.connections.addresses import Pattern
    from casewell.connections.models import ConnectedApp
    from casewell.connections.models.approvals import Approvals

LONGEST_NAME = 200
# Of an address that is right in itself, and is not on the list.
UNLISTED = {Reason.NOT_APPROVED, Reason.DEPTH, Reason.OTHER_SCHEME, Reason.OTHER_HOST}
UNLISTED |= {Reason.OTHER_PORT, Reason.OTHER_PATH, Reason.OTHER_QUERY}
OF_LABELS = {
    Reason.EMPTY_LABEL: "Give what the vendor has told you for it, such as “au”.",
    Reason.HOST_CHARACTER: "Give letters, digits and dashes alone: no dots, blanks or slashes.",
    Reason.DASH: "It may not begin or end with a dash.",
    Reason.LABEL_LENGTH: "It has at most 63 characters.",
}
PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off", "maxlength": False}


@dataclass(frozen=True)
class Said:
    """What a row says of its button; no roles means all."""

    name: str
    url: str
    roles: list[str]
    is_on: bool

    @classmethod
    def of(cls, app: ConnectedApp) -> Said:
        return cls(app.name, app.url, list(app.roles), not app.switched_off)

    def __str__(self) -> str:
        """For the hidden field that tells what somebody has seen."""
        return json.dumps(asdict(self), sort_keys=True)


class ButtonForm(forms.Form):
    """A row. `app` is the button as it is now, None for one that is being added.

    A row that began with a wildcard of the approved list, its `entry`, asks for a label alone.
    """

    name = forms.CharField(label="App name", max_length=LONGEST_NAME, required=False)
    # Not stripped: the rule judges what was typed.
    url = forms.CharField(label="App URL", strip=False, required=False)
    label = forms.CharField(label="Your part of the address", required=False)
    roles = forms.MultipleChoiceField(
        label="Only for", choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    is_on = forms.BooleanField(label="On", required=False)
    remove = forms.BooleanField(label="Remove", required=False)
    entry = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    # When it was last opened for a patient, of a button that is there.
    used_at: datetime | None = None

    def __init__(
        self,
        posted: QueryDict | None,
        *,
        key: str,
        approvals: Approvals,
        app: ConnectedApp | None = None,
        start: dict[str, str] | None = None,
    ) -> None:
        self.key, self.app, self.approvals = key, app, approvals
        begin = {"is_on": True} | (start or {})
        now = asdict(Said.of(app)) | {"seen": str(Said.of(app))} if app else begin
        super().__init__(posted, prefix=key, initial=now, label_suffix="")
        for name in ("name", "url", "label"):
            self.fields[name].widget.attrs |= PLAIN
        self.fields["url"].widget.attrs |= {"inputmode": "url", "dir": "ltr"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("remove") or self.is_blank:
            self.errors.clear()
            return cleaned
        if "name" not in self.errors and not cleaned["name"]:
            self.add_error("name", "Give the app a name: its button is called so.")
        if "url" not in self.errors:
            self._clean_address(cleaned)
        if len(cleaned.get("roles", [])) == len(Role):
            cleaned["roles"] = []
        return cleaned

    def _clean_address(self, cleaned: dict[str, Any]) -> None:
        """Put the address into `cleaned["url"]`, rebuilt from the approved entry."""
        field, typed = "url", cleaned["url"]
        if self.app and typed == self.app.url:
            return  # what is suspended now stays as it is, and stops no other row
        try:
            if self.pattern:
                field = "label"
                typed = self.pattern.at(cleaned["label"].lower()).href
            cleaned["url"] = self.approvals.of(typed).address.href
        except Refusal as refusal:
            self._refuse(field, OF_LABELS.get(refusal.reason, str(refusal)), refusal.reason)
        except AddressNotApproved as refused:
            self._refuse(field, _blanks_of(typed) or str(refused), refused.reason)
        except NotOpened as refused:
            self._refuse(field, str(refused), None)

    def _refuse(self, field: str, sentence: str, reason: Reason | None) -> None:
        self.add_error(field, forms.ValidationError(sentence, code=reason))

    @property
    def said(self) -> Said:
        """What a valid row says."""
        row = self.cleaned_data
        return Said(row["name"], row["url"], row["roles"], row["is_on"])

    @property
    def typed(self) -> Said:
        """What the row says, be it valid or not."""
        name, url, roles, is_on = (self[name].value() for name in ("name", "url", "roles", "is_on"))
        return Said(str(name or "").strip(), str(url or ""), list(roles or []), bool(is_on))

    @property
    def has_seen(self) -> str:
        """What the row said when it was drawn; empty for one that is being added."""
        return str(self["seen"].value() or "")

    @property
    def is_untouched(self) -> bool:
        return str(self.typed) == self.has_seen

    def show_again(self, sentence: str, *, seen: str) -> None:
        """Refuse it this once: what is drawn now has been `seen`."""
        self.add_error(None, sentence)
        drawn: Any = self.data.copy()  # type: ignore[attr-defined]
        drawn[self.add_prefix("seen")] = seen
        self.data = drawn

    @property
    def is_blank(self) -> bool:
        """A row that was added and left empty is none."""
        typed = (self[name].value() for name in ("name", "url", "entry"))
        return self.app is None and not any(typed)

    @property
    def is_removed(self) -> bool:
        return bool(self["remove"].value())

    @property
    def pattern(self) -> Pattern | None:
        """The wildcard that the row began with, while it is on the approved list."""
        wanted = self["entry"].value()
        wild = (pattern for pattern, _ in self.approvals.in_force() if pattern.is_wild)
        return next((pattern for pattern in wild if str(pattern) == wanted), None)

    @property
    def around_the_label(self) -> list[str]:
        """What stands before and after the label in the address that is made of it."""
        return str(self.pattern).split("*", 1)

    @property
    def called(self) -> str:
        return str(self["name"].value() or "the new app")

    @property
    def roles_in_words(self) -> str:
        return roles_in_words(self["roles"].value() or [])

    @property
    def is_unlisted(self) -> bool:
        """Whether its address was refused because it is not on the approved list."""
        refused = self.errors.as_data().get("url", []) if self.is_bound else []
        return any(error.code in UNLISTED for error in refused)

    @property
    def reads_as(self) -> str:
        """An international host in its own letters; empty for others."""
        try:
            address = Address.parse(self["url"].value() or "", settings.APP_ALLOWANCES)
        except Refusal:
            return ""
        read = in_own_letters(address.host)
        return read if read != address.host else ""

    @property
    def stopped_by(self) -> str:
        """Why the button is nowhere to be seen though it is switched on; empty where it is."""
        try:
            if self.app:
                self.approvals.of(self.app.url)
        except AddressNotApproved as refused:
            return f"Its address is no longer approved, so nobody has the button. {refused}"
        except NotOpened as refused:
            return str(refused)
        return ""


def roles_in_words(roles: list[str]) -> str:
    """For whom a button is.

    >>> roles_in_words(["receptionist"]), roles_in_words([])
    ('Receptionist', 'everybody')
    """
    return ", ".join(role.label for role in Role if role.value in roles) or "everybody"


def _blanks_of(typed: str) -> str:
    """What to say of a space that was pasted with an address; empty where there is none."""
    if typed.strip() == typed or not typed.strip():
        return ""
    end = "end" if typed.rstrip() != typed else "beginning"
    return f"The address has a space or a line break at its {end}: take that away."
