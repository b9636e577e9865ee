"""The guides of `docs/guides` as pages: Markdown drawn as HTML, with headings to link to."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from django.utils.safestring import SafeString
    from markdown_it.token import Token

PAPERS = settings.ROOT / "docs"
FOLDER = PAPERS / "guides"
PICTURES = settings.SCREENS


@dataclass(frozen=True)
class Guide:
    """One guide: the name in its address, what it is about, the scene that it shows."""

    name: str
    title: str
    about: str
    scene: str = ""
    paper: str = ""

    @property
    def file(self) -> Path:
        """Its file: one of `docs/guides`, or the paper of `docs` that it is as well."""
        return PAPERS / self.paper if self.paper else FOLDER / f"{self.name}.md"

    @property
    def picture(self) -> str:
        """The address of its scene's picture; empty where none was taken."""
        name = f"{self.scene}-desktop-light.webp"
        return static(f"guides/{name}") if self.scene and (PICTURES / name).is_file() else ""


@dataclass(frozen=True)
class Heading:
    """A part of a guide, to link to."""

    anchor: str
    words: str


INTEGRATORS = Guide(
    "integrators",
    "Connect your app to Casewell",
    "For makers of other software: opening it from a patient's page",
    paper="integrator-guide.md",
)
GUIDES = (
    Guide(
        "cases", "Cases from first to last", "Referral, count, approvals, duties, closing", "case"
    ),
    Guide("full-case", "When a case is full", "The ways on, and what each changes"),
    Guide(
        "repeating",
        "Repeating appointments",
        "A series, its dates and its case; this one, what follows, or all",
        "repeating",
    ),
    Guide("worklist", "The cases to look at", "What each reason means, and what to do", "cases"),
    Guide("classes", "Classes", "Several patients in one booking, and who waits for a place"),
    Guide("letters", "Letters", "Templates, drafts, final letters, what was sent"),
    Guide("merging", "Merging patients", "Somebody who was entered twice; and undoing it"),
    Guide("reminders", "Reminders", "E-mail and texts before a visit; what patients confirm"),
    Guide("recalls", "Recalls", "Asking patients back: types, the list, booking from it"),
    Guide("today", "Today", "The desk's own list", "today"),
    Guide(
        "availability",
        "Availability and free times",
        "Weekly hours, days that differ, where a visit fits",
        "availability",
    ),
    Guide("waiting-list", "Waiting list", "Who wants to come earlier, and who fits"),
    Guide("calendar-elsewhere", "Calendar in other programs", "A practitioner's private address"),
    Guide("programmes", "Programmes", "Funders' rules: how they work, and each that ships"),
    Guide("invoices", "Invoices and payments", "Drafts, paying, crediting, takings", "invoices"),
    Guide("claims", "Claims and terminal sheets", "Medicare and DVA: lodging, paid, keying"),
    Guide(
        "connected-apps",
        "Connected patient apps",
        "Opening a patient in other software: adding, roles, what is recorded",
        "settings-apps",
    ),
    INTEGRATORS,
)


def drawn(guide: Guide, slug: str) -> tuple[SafeString, list[Heading]]:
    """A guide as HTML for the practice of that slug, or for nobody's, and its headings."""
    # Markup in the files stays text, so that what is drawn is only what Markdown can say.
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(guide.file.read_text(encoding="utf-8"))
    headings = list(_headings(tokens))
    for token in tokens:
        token.children = list(_leading(token.children or (), slug))
        if token.type in {"fence", "table_open"}:
            token.attrSet("tabindex", "0")  # where they are wide they are scrolled, by keys too
    html = reader.renderer.render(tokens, reader.options, {})
    return mark_safe(html), headings  # noqa: S308 - our own files, whose markup is text


def _headings(tokens: list[Token]) -> Iterator[Heading]:
    """The headings below the title; each gets the anchor that other pages link to."""
    for token, inline in itertools.pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slugify(inline.content))
            if token.tag != "h1":
                yield Heading(slugify(inline.content), inline.content)


def _leading(tokens: Iterable[Token], slug: str) -> Iterator[Token]:
    """The parts of a text, with links led to the product's own pages."""
    for token in tokens:
        if token.type == "link_open":
            token.attrSet("href", _address(str(token.attrGet("href")), slug))
        yield token


def _address(href: str, slug: str) -> str:
    """Where a link of a file leads in the product: a file beside it is another guide."""
    name, _, anchor = href.partition("#")
    if not name.endswith(".md"):
        return href
    page = reverse(f"help-{name.removesuffix('.md')}", args=[slug])
    return f"{page}#{anchor}" if anchor else page
