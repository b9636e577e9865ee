"""What an administrator sets up before anybody can book: practitioners, types, places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db import models
from django.utils import timezone

from casewell.accounts.models import Account, Business, Practitioner, User
from casewell.appointments.models import AppointmentType, Booking, UnavailableBlockType
from casewell.audit.archiving import archive
from casewell.audit.forms import GroupedForm
from casewell.audit.models import record_change
from casewell.lib.errors import RuleViolation
from casewell.lib.fields import ChoiceOfFew, ChoicesOfFew

if TYPE_CHECKING:
    from casewell.audit.actors import Actor

USUAL_MINUTES = 30


class BookingsToCome(RuleViolation):
    """A business with coming bookings stays open to them."""

    code = "bookings_to_come"


def archive_business(business: Business, *, by: Actor) -> None:
    """Close a location. Raises BookingsToCome while somebody is booked there."""
    live = business.account.bookings.live().filter(business=business)
    coming = live.filter(ends_at__gt=timezone.now()).count()
    if coming:
        bookings = "booking" if coming == 1 else "bookings"
        raise BookingsToCome(
            f"{business} has {coming} {bookings} to come. Move or cancel them, then archive it."
        )
    archive(business, by=by)


class LinkingForm(GroupedForm[Any]):
    """A record's form with choices that are rows of their own: `links` name them.

    `{"field": ("related name of the rows", "their field of the choice")}`
    """

    links: ClassVar[dict[str, tuple[str, str]]] = {}
    all_at_first: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (rows, chosen) in self.links.items():
            if self.instance._state.adding:
                self.initial[name] = self._at_first(name)
            else:
                self.initial[name] = self._kept(rows, chosen)

    def _kept(self, rows: str, chosen: str) -> list[int]:
        return [getattr(row, f"{chosen}_id") for row in getattr(self.instance, rows).all()]

    def _at_first(self, name: str) -> list[int]:
        """What a new record is linked to unless somebody says otherwise: all, or the only one."""
        choices: Any = self.fields[name]
        offered = [record.pk for record in choices.queryset]
        return offered if name in self.all_at_first or len(offered) == 1 else []

    def save(self, *, by: Actor) -> Any:  # type: ignore[override]
        record = super().save(by=by)
        for name, (rows, chosen) in self.links.items():
            self._relink(name, getattr(record, rows), chosen, by)
        return record

    def _relink(self, name: str, rows: Any, chosen: str, by: Actor) -> None:
        # A link to what is archived cannot be seen here, and comes back with it.
        choices: Any = self.fields[name]
        offered = {record.pk for record in choices.queryset}
        former = {getattr(row, f"{chosen}_id") for row in rows.all()} & offered
        wanted = {record.pk: record for record in self.cleaned_data[name]}
        rows.filter(**{f"{chosen}_id__in": former - set(wanted)}).delete()
        for key in sorted(set(wanted) - former):
            rows.create(account=self.instance.account, **{chosen: wanted[key]})
        if former != set(wanted):
            told = {name: [sorted(former), sorted(wanted)]}
            record_change(self.instance, "edited", told, by=by)


class PractitionerForm(LinkingForm):
    """A practitioner: who, where, and what they offer."""

    groups: ClassVar = {
        "Who it is": (
            "title",
            "first_name",
            "last_name",
            "designation",
            "user",
            "active",
            "show_in_online_bookings",
        ),
        "Where and what": ("businesses", "appointment_types"),
    }
    spans: ClassVar = {
        "title": 2,
        "first_name": 5,
        "last_name": 5,
        "designation": 6,
        "user": 6,
    }
    links: ClassVar = {
        "businesses": ("places", "business"),
        "appointment_types": ("appointment_type_links", "appointment_type"),
    }
    all_at_first = frozenset({"appointment_types"})
    user = ChoiceOfFew(
        User.objects.none(),
        required=False,
        label="Signs in as",
        empty_label="Nobody: has no sign-in here",
        help_text="The member who is this practitioner.",
    )
    businesses = ChoicesOfFew(Business.objects.live().order_by("id"), label="Works at")
    appointment_types = ChoicesOfFew(
        AppointmentType.objects.live().in_order(), required=False, label="Offers"
    )

    class Meta:
        model = Practitioner
        fields: ClassVar = [
            "title",
            "first_name",
            "last_name",
            "designation",
            "user",
            "active",
            "show_in_online_bookings",
        ]
        labels: ClassVar = {
            "active": "Works here: has a column in the calendar",
            "show_in_online_bookings": "Free times are given to programs that book online",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = User.objects.filter(memberships__account=self.instance.account_id)
        chosen: Any = self.fields["user"]
        chosen.queryset = members.order_by("last_name", "first_name")

    @property
    def open_businesses(self) -> list[Business]:
        """Where practitioners may work; the rows that the field has read."""
        choices: Any = self.fields["businesses"]
        return list(choices.queryset)


class AppointmentTypeForm(LinkingForm):
    """A kind of appointment, and who offers it."""

    groups: ClassVar = {
        "The type": (
            "name",
            "category",
            "duration_in_minutes",
            "max_attendees",
            "color",
            "telehealth_enabled",
            "show_in_online_bookings",
            "description",
        ),
        "Who offers it": ("practitioners",),
    }
    spans: ClassVar = {"name": 6, "category": 6}
    links: ClassVar = {"practitioners": ("practitioner_links", "practitioner")}
    all_at_first = frozenset({"practitioners"})
    practitioners = ChoicesOfFew(
        Practitioner.objects.active().order_by("last_name", "first_name"),
        required=False,
        label="Offered by",
    )

    class Meta:
        model = AppointmentType
        fields: ClassVar = [
            "name",
            "category",
            "duration_in_minutes",
            "max_attendees",
            "color",
            "telehealth_enabled",
            "show_in_online_bookings",
            "description",
        ]
        labels: ClassVar = {
            "duration_in_minutes": "Length (minutes)",
            "max_attendees": "Patients at once",
            "telehealth_enabled": "By telehealth",
            "show_in_online_bookings": "Free times are given to programs that book online",
        }
        help_texts: ClassVar = {"max_attendees": "More than one makes it a group or a class."}
        widgets: ClassVar = {
            "color": forms.TextInput({"type": "color", "data-colour": ""}),
            "description": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.initial["duration_in_minutes"] = USUAL_MINUTES


class BlockTypeForm(GroupedForm[UnavailableBlockType]):
    """A reason for blocked time."""

    groups: ClassVar = {"The reason": ("name", "duration_in_minutes", "color")}

    class Meta:
        model = UnavailableBlockType
        fields: ClassVar = ["name", "duration_in_minutes", "color"]
        labels: ClassVar = {"duration_in_minutes": "Length (minutes)"}
        widgets: ClassVar = {"color": forms.TextInput({"type": "color", "data-colour": ""})}


# In the order in which each needs the one before it.
BEFORE_A_BOOKING = ("business", "practitioner", "type")


def steps_done(account: Account) -> dict[str, bool]:
    """Which steps towards the first booking are behind a practice, by their names.

    Read from what is there, in one statement; nothing of it is stored.
    """
    there = {
        "business": Business.objects.live(),
        "practitioner": Practitioner.objects.active().filter(places__isnull=False),
        "type": AppointmentType.objects.live(),
        "booking": Booking.objects.all(),
    }
    asked = Account.objects.filter(pk=account.pk).values(
        **{f"has_{name}": models.Exists(rows) for name, rows in there.items()}
    )
    found: Any = asked.get()
    return {name: found[f"has_{name}"] for name in there}


def first_step(account: Account) -> str:
    """What a practice lacks before anybody can book: "business", "practitioner", "type" or "".

    A practice with bookings is past all but the first.
    """
    done = steps_done(account)
    steps = BEFORE_A_BOOKING[:1] if done["booking"] else BEFORE_A_BOOKING
    return next((step for step in steps if not done[step]), "")
