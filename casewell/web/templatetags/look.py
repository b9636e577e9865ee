"""What templates need for the look: icons, the navigation, the case meter, dates in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince

from casewell.accounts.roles import Permission
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from django.template import Context
    from django.utils.safestring import SafeString

    from casewell.accounts.models import Membership
    from casewell.lib.formats import Formats

register = template.Library()

SECTIONS = [
    ("today", "Today", "list-check"),
    ("calendar", "Calendar", "calendar"),
    ("appointments", "Appointments", "calendar-event"),
    ("waiting", "Waiting list", "hourglass"),
    ("patients", "Patients", "users"),
    ("cases", "Cases", "folder"),
    ("contacts", "Contacts", "stack-2"),
    ("invoices", "Invoices", "receipt-2"),
    ("claims", "Claims", "report-money"),
    ("settings", "Settings", "settings"),
]
# Sections that are not every role's.
NEEDS = {
    "waiting": Permission.BOOK,
    "invoices": Permission.SEE_INVOICES,
    "claims": Permission.CLAIM,
    "settings": Permission.EDIT_SETTINGS,
}
# A phone's bar has room for five: four sections, and "More" with these.
MORE = ("appointments", "waiting", "contacts", "invoices", "claims", "settings")
FEW_LEFT = 2
DAYS = 6  # as far as people count them


@register.simple_tag
@lru_cache(maxsize=1000)  # a long list has hundreds of them, few of which differ
def icon(name: str, label: str = "") -> SafeString:
    """One icon of the sprite; silent for screen readers unless it carries a `label`."""
    speech = format_html('role="img" aria-label="{}"', label) if label else "aria-hidden=true"
    return format_html(
        '<svg class="icon" {}><use href="{}#{}"></use></svg>', speech, static("icons.svg"), name
    )


@dataclass(frozen=True)
class Section:
    """One entry of the navigation."""

    label: str
    icon: str
    url: str
    current: bool
    is_more: bool = False


@register.simple_block_tag(takes_context=True)
def navigation(context: Context, content: str) -> SafeString:
    """The links to the practice's sections; the tag's content names the current one."""
    member = getattr(context.get("request"), "member", None)
    sections = practice_sections(member, content.strip()) if member else []
    return render_to_string(
        "_navigation.html", {"sections": sections, "more": [one for one in sections if one.is_more]}
    )


def practice_sections(member: Membership, current: str) -> list[Section]:
    """The sections that have a page and that the member may enter, in their order."""
    found = []
    for name, label, picture in SECTIONS:
        if name in NEEDS and not member.may(NEEDS[name]):
            continue
        try:
            url = reverse(name, args=[member.account.slug])
        except NoReverseMatch:
            continue
        found.append(Section(label, picture, url, name == current, name in MORE))
    return found


@register.simple_tag
@lru_cache(maxsize=1000)  # as icons: few numbers differ
def case_meter(
    used: int, booked: int, limit: int | None, period: str = "", elsewhere: int = 0
) -> SafeString:
    """Sessions of a case: `used` and `booked` ones of `limit` (None: unlimited) in `period`.

    Those used `elsewhere` take room as well, and are shown apart.
    """
    counted = used + booked + elsewhere
    shown = {
        "used": used,
        "booked": booked,
        "limit": limit,
        "period": period,
        "elsewhere": elsewhere,
        "counted": counted,
        "spent": used + elsewhere,
        "left": None if limit is None else limit - counted,
        "over": counted - (limit or 0),
        "width": max(counted, limit or 0, 1),
        "state": meter_state(counted, limit),
    }
    return render_to_string("_meter.html", shown)


def meter_state(counted: int, limit: int | None) -> str:
    """One word for how full: unlimited, open, low (two or fewer left), full, over."""
    if limit is None:
        return "unlimited"
    left = limit - counted
    if left < 0:
        return "over"
    if left == 0:
        return "full"
    return "low" if left <= FEW_LEFT else "open"


@register.simple_tag
def when(moment: date | datetime | None, today: date | None = None) -> SafeString | str:
    """A date in words, with the exact one in its title; `today` defaults to the current zone's.

    A datetime is shown on its own clocks (`booking.local_start`), one in UTC on those of the
    current zone. Nothing gives an empty string.
    """
    if not moment:
        return ""
    if isinstance(moment, datetime):
        local = timezone.localtime(moment) if moment.tzinfo is UTC else moment
        clock = formats().clock(local)
        here = today or timezone.localdate(timezone=local.tzinfo)
        words = f"{day_in_words(local.date(), here)} {clock}"
        exact = f"{formats().weekday(local)}, {clock}"
        return time_tag(local.isoformat(), exact, words)
    return _day_tag(moment, today or timezone.localdate(), formats())


@lru_cache(maxsize=1000)
def _day_tag(day: date, today: date, chosen: Formats) -> SafeString:
    """A day as `chosen`, the practice's formats, write it: lists repeat few days."""
    return time_tag(day.isoformat(), chosen.weekday(day), day_in_words(day, today))


def time_tag(machine: str, exact: str, words: str) -> SafeString:
    """A time element that tells the exact moment on hover."""
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, exact, words)


@register.inclusion_tag("_help.html", takes_context=True)
def help_link(context: Context, guide: str, words: str, anchor: str = "") -> dict[str, str]:
    """A link to the place in a guide that explains the page, `words` say what about."""
    url = reverse(f"help-{guide}", args=[context["request"].account.slug])
    return {"url": f"{url}#{anchor}" if anchor else url, "words": words}


@register.filter
def nearness(moment: datetime) -> str:
    """“tomorrow”, “6 days ago”: beside an exact date, and nothing where it is far away."""
    away = (moment.date() - timezone.localdate(timezone=moment.tzinfo)).days
    return day_in_words(moment.date(), moment.date() - timedelta(away)) if abs(away) <= DAYS else ""


@register.filter
def place_of_zone(zone: str) -> str:
    """The place that a time zone is named after, as in the choice of one.

    >>> place_of_zone("Australia/Lord_Howe"), place_of_zone("UTC")
    ('Lord Howe', 'UTC')
    """
    return zone.partition("/")[2].replace("_", " ").replace("/", ", ") or zone


@register.filter
def ago(moment: datetime) -> str:
    """“2 hours ago”; “just now” in its first minute."""
    if timezone.now() - moment < timedelta(minutes=1):
        return "just now"
    return f"{timesince(moment, depth=1)} ago"


NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def day_in_words(day: date, today: date) -> str:
    """The day as people say it.

    >>> day_in_words(date(2026, 3, 2), date(2026, 3, 3))
    'yesterday'
    >>> day_in_words(date(2026, 3, 9), date(2026, 3, 3))
    'in 6 days'
    >>> day_in_words(date(2026, 2, 25), date(2026, 3, 3))
    '6 days ago'
    >>> day_in_words(date(2026, 5, 9), date(2026, 3, 3))
    '9 May'
    >>> day_in_words(date(2027, 5, 9), date(2026, 3, 3))
    '9 May 2027'
    """
    away = (day - today).days
    if away in NEAR:
        return NEAR[away]
    if abs(away) <= DAYS:
        return f"in {away} days" if away > 0 else f"{-away} days ago"
    written = formats().day(day)
    return written.removesuffix(f" {day.year}") if day.year == today.year else written
