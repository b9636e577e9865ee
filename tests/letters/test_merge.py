"""What is typed and what fields say: neither is ever read as anything but text."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewell.letters.merge import FIELDS, KNOWN, empty_fields, filled, filled_line, unknown_fields
from casewell.letters.paper import words_of
from casewell.letters.preview import html_of
from casewell.letters.text import HEADING, ITEM, NEW_PAGE, PARAGRAPH, cleaned, read

# What people type that is no markup of ours, and what a hostile patient is called.
PLAIN = st.text("abc  ,.;<>&\"'/$@=[]()|~^%", min_size=1, max_size=12)
SIGNS = "ab 1\n\t\x00\x85Ж漢אب{}*_#-+.<>&\"'\\`[]()!|~\u202e\u2066\u2028"
ANY = st.text(SIGNS, max_size=12) | st.sampled_from(
    ["{today}", "{patient name}", "{{today}}", "*a*", "# a", "---", "- a", "<b>&amp;", "\u202ea"]
)
UNKNOWN = st.text("abxyz. 09", min_size=1, max_size=12)  # short of any name that there is
PARTS = st.lists(
    st.tuples(st.just("plain"), PLAIN)
    | st.tuples(st.just("known"), st.sampled_from([field.name for field in FIELDS]))
    | st.tuples(st.just("unknown"), UNKNOWN),
    max_size=6,
)

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Outline(HTMLParser):
    """The tags of a piece of HTML, and its text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@UNHURRIED
@given(PARTS, st.dictionaries(st.sampled_from(sorted(KNOWN)), ANY, max_size=4))
def test_each_field_is_filled_once_and_all_else_stays_as_typed(
    parts: list[tuple[str, str]], values: dict[str, str]
) -> None:
    typed = "x" + "".join(text if kind == "plain" else f"{{{text}}}" for kind, text in parts) + "x"
    said = "x" + "".join(
        {"plain": text, "known": cleaned(values.get(text.lower(), "")), "unknown": f"{{{text}}}"}[
            kind
        ]
        for kind, text in parts
    )

    blocks = filled(typed, values)

    assert [(block.kind, block.words) for block in blocks] == [(PARAGRAPH, f"{said}x")]
    assert filled_line(typed, values) == " ".join(f"{said}x".split())
    unknown = [text for kind, text in parts if kind == "unknown"]
    assert unknown_fields(typed) == list(dict.fromkeys(unknown))


@UNHURRIED
@given(st.text(SIGNS, max_size=60) | st.lists(ANY, max_size=6).map("\n".join), ANY)
def test_no_text_and_no_name_becomes_markup_of_the_page(text: str, name: str) -> None:
    values = {"patient name": name, "today": "{patient name}"}

    blocks = filled(f"{text}\n\n{{patient name}}{{today}}", values)
    seen = Outline(html_of(blocks))

    ours = {"p", "br", "bdi", "strong", "em", "ul", "li", "span", "div", "h3", "h4", "h5", "hr"}
    assert seen.tags <= ours
    assert seen.attributes <= {"dir", "class", "data-depth", "aria-hidden"}
    assert blocks[-1].words.endswith("{patient name}")  # not filled in again
    assert Outline(html_of(blocks, for_author=True)).tags <= ours | {"mark"}


def test_the_markup_of_letters_is_small_and_the_rest_is_text() -> None:
    text = (
        "# A\n## B **c**\nd\ne\n\n- f\n  1. g\n     - h\n-\n\n---\n![i](j) `k` <l>\n    m\n[n]: o"
    )

    found = [(block.kind, block.level, block.mark, block.words) for block in read(text)]

    assert found == [
        (HEADING, 1, "", "A"),
        (HEADING, 2, "", "B c"),
        (PARAGRAPH, 0, "", "d\ne"),
        (ITEM, 0, "•", "f"),
        (ITEM, 1, "1.", "g"),
        (ITEM, 2, "•", "h"),
        (ITEM, 0, "•", ""),
        (NEW_PAGE, 0, "", ""),
        (PARAGRAPH, 0, "", "![i](j) `k` <l>\nm\n[n]: o"),
    ]
    assert [(run.text, run.bold) for run in read(text)[1].runs] == [("B ", False), ("c", True)]


def test_an_author_is_shown_what_is_no_field_and_what_says_nothing() -> None:
    text = "{patient nam} {condition} {patient name}"
    blocks = filled(text, {"patient name": "Ada"})

    assert html_of(blocks, for_author=True) == (
        '<p dir="auto"><mark data-unknown title="No such field">{patient nam}</mark> '
        '<mark data-empty title="Nothing is known">no condition</mark> '
        '<bdi class="letter-field" title="patient name">Ada</bdi></p>'
    )
    assert empty_fields(text, {"patient name": "Ada"}) == ["condition"]


@pytest.mark.parametrize(
    "text", ["- " * 400, "*" * 5000, "> " * 500, "#" * 5000, "[" * 5000, "1. " * 300]
)
def test_the_oddest_text_is_read_in_no_time_and_none_of_it_breaks(text: str) -> None:
    assert isinstance(words_of("", text + "x", {})["blocks"], list)
