"""What stands at the head of a business's papers, as it is set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from casewell.accounts.models import Business
from casewell.audit.forms import GroupedForm
from casewell.audit.logos import LARGEST, logo_of, put_logo

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


class LetterheadForm(GroupedForm[Business]):
    """What stands at the head of a location's letters and invoices."""

    groups: ClassVar = {
        "What is printed": (
            "display_name",
            "business_registration_name",
            "business_registration_value",
            "contact_information",
            "email_reply_to",
            "website_address",
        ),
        "Logo": ("logo", "logo_height", "remove_logo"),
    }
    spans: ClassVar = {"display_name": 6, "logo": 6, "logo_height": 3, "remove_logo": 12} | {
        f"business_registration_{part}": 3 for part in ("name", "value")
    }

    logo = forms.FileField(
        required=False,
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/gif"}),
        help_text="PNG, JPEG or GIF, at most 1 MB.",
    )
    remove_logo = forms.BooleanField(required=False, label="Remove the logo")

    class Meta:
        model = Business
        fields: ClassVar = [
            "display_name",
            "business_registration_name",
            "business_registration_value",
            "contact_information",
            "email_reply_to",
            "website_address",
            "logo_height",
        ]
        labels: ClassVar = {
            "display_name": "Name on papers",
            "business_registration_name": "Registration",
            "business_registration_value": "Its number",
            "contact_information": "Phone, as patients see it",
            "email_reply_to": "Email for replies",
            "website_address": "Website",
            "logo_height": "Height in pixels",
        }
        help_texts: ClassVar = {
            "display_name": "Where it is not the name of the business.",
            "business_registration_name": "Such as ABN.",
            "logo_height": "94 are 2.5 cm, the most on paper.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.logos.exists():
            self.fields.pop("remove_logo")

    def grouped(self) -> dict[str, tuple[str, ...]]:
        """Without the box that removes a logo where there is none."""
        return {
            heading: tuple(name for name in names if name in self.fields)
            for heading, names in self.groups.items()
        }

    def clean_logo(self) -> tuple[str, bytes] | None:
        """The picture as it is to be kept."""
        upload = self.cleaned_data["logo"]
        if not upload:
            return None
        try:
            return logo_of(upload.read(LARGEST + 1))
        except ValueError as why:
            raise forms.ValidationError(f"The logo {why}.") from why

    def save(self, *, by: Actor) -> Business:  # type: ignore[override]
        business = super().save(by=by)
        picture = self.cleaned_data["logo"]
        if picture or self.cleaned_data.get("remove_logo"):
            put_logo(business, picture, by=by)
        return business
