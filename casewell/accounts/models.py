"""The practice and its people: Account (the tenant), User, Membership.

Businesses and practitioners, which belong to an account, are in `practice.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from casewell.accounts.case_policy import CasePolicy
from casewell.accounts.case_policy import LimitAction as LimitAction
from casewell.accounts.roles import PERMISSIONS, Permission, Role
from casewell.lib.formats import Formats
from casewell.lib.zones import validate_zone
from casewell.tenancy.ids import new_id

if TYPE_CHECKING:
    from datetime import date

# First words of addresses that are not a practice's.
RESERVED_SLUGS = frozenset(
    {
        "sign-in",
        "sign-out",
        "sign-up",
        "password",
        "practices",
        "static",
        "health",
        "v1",
        "docs",
        "help",
    }
    | {"operator", "api", "admin", "account", "accounts", "well-known", "media", "files"}
    | {"integrators", "calendars", ".well-known", "visits"}
)


class DateFormat(models.TextChoices):
    """How a practice writes dates; the value is Django's format string."""

    DAY_MONTH_WORD = "j M Y", "4 Mar 2026"
    DAY_FIRST = "d/m/Y", "04/03/2026"
    MONTH_FIRST = "m/d/Y", "03/04/2026"
    YEAR_FIRST = "Y-m-d", "2026-03-04"


class TimeFormat(models.TextChoices):
    """How a practice writes times of day."""

    HALVES = "12", "1:30 pm"
    WHOLE = "24", "13:30"


class WeekStart(models.IntegerChoices):
    """The first day of the calendar's week, as Python's `weekday()` counts."""

    MONDAY = 0, "Monday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


# Minutes of one line of the calendar's time axis.
SLOT_MINUTES = [(minutes, f"{minutes} minutes") for minutes in (5, 10, 15, 20, 30, 60)]


def refuse_reserved(slug: str) -> None:
    """Raise ValidationError for a slug that is the start of another page's address."""
    if slug in RESERVED_SLUGS:
        raise ValidationError(f"“{slug}” is taken by Casewell itself.")


class Shared(models.Model):
    """A row outside the accounts, with an id like everybody's."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Account(CasePolicy, Shared):
    """A practice: the tenant whose rows nobody else meets."""

    name = models.CharField(max_length=255)
    slug = models.CharField(
        max_length=63,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*\Z"), refuse_reserved],
    )
    country_code = models.CharField(max_length=2, default="AU")
    time_zone = models.CharField(max_length=63, validators=[validate_zone])
    currency = models.CharField(max_length=3, default="AUD")
    booking_conflict_action = models.CharField(
        max_length=5, choices=LimitAction, default=LimitAction.WARN
    )
    # The API of the contract lets double bookings pass; blocking there is a wish of its own.
    api_conflicts_block = models.BooleanField("also through the API", default=False)
    date_format = models.CharField(
        max_length=10, choices=DateFormat, default=DateFormat.DAY_MONTH_WORD
    )
    time_format = models.CharField(max_length=2, choices=TimeFormat, default=TimeFormat.HALVES)
    week_start = models.PositiveSmallIntegerField(
        "week starts on", choices=WeekStart, default=WeekStart.MONDAY
    )
    slot_minutes = models.PositiveSmallIntegerField(
        "calendar's time axis", choices=SLOT_MINUTES, default=15
    )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def open(cls, *, name: str, slug: str, time_zone: str, **settings: Any) -> Account:
        """Start a practice. Raises ValidationError for a bad slug, name or zone."""
        account = cls(name=name, slug=slug, time_zone=time_zone, **settings)
        account.full_clean()
        account.save(force_insert=True)
        return account

    def admit(self, user: User, *, role: Role) -> Membership:
        """Make `user` a member, or give the member that role; one switched off is on again."""
        membership, _ = self.memberships.update_or_create(
            user=user, defaults={"role": role, "active": True}
        )
        return membership

    @property
    def account_id(self) -> int:
        """Itself: so that its changes are written down as those of its records are."""
        return int(self.pk)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def formats(self) -> Formats:
        """How this practice writes dates, times and amounts."""
        return Formats(self.date_format, self.time_format == TimeFormat.WHOLE, self.currency)

    def today(self) -> date:
        """Today's date where the practice is."""
        return timezone.localdate(timezone=self.zone)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who signs in with `email`. Raises ValidationError for a bad address."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, Shared):
    """A person who signs in; a member of any number of practices."""

    email = models.EmailField(max_length=254, unique=True)
    title = models.CharField(max_length=50, blank=True)
    first_name = models.CharField(max_length=150)
    last_name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    # Where they are read with the user, by the sign-in backend.
    known_memberships: list[Membership]

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name"]
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class MembershipQuerySet(models.QuerySet["Membership"]):
    def live(self) -> MembershipQuerySet:
        """Those who can come in: switched on here, and as a user."""
        return self.filter(active=True, user__is_active=True)

    def administrators(self) -> MembershipQuerySet:
        return self.filter(role=Role.ADMINISTRATOR)


class Membership(Shared):
    """One user's place in one practice."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    active = models.BooleanField(default=True)

    objects: ClassVar[Any] = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "account"], name="one_membership")
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"

    def may(self, permission: Permission) -> bool:
        """Whether this member's role has that permission."""
        return permission in PERMISSIONS[Role(self.role)]


from casewell.accounts.api_keys import ApiKey  # noqa: E402 - Django finds models here
from casewell.accounts.invitations import Invitation  # noqa: E402
from casewell.accounts.practice import (  # noqa: E402
    Business,
    BusinessLogo,
    Practitioner,
    PractitionerBusiness,
    ReferenceNumber,
)
from casewell.accounts.sessions import Session  # noqa: E402

__all__ = [
    "Account",
    "ApiKey",
    "Business",
    "BusinessLogo",
    "DateFormat",
    "Invitation",
    "LimitAction",
    "Membership",
    "Practitioner",
    "PractitionerBusiness",
    "ReferenceNumber",
    "Session",
    "TimeFormat",
    "User",
    "WeekStart",
]
