"""The words by which a person is found: prefixes of names, tails of numbers, dates."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST_TAIL = 3
LONGEST_WORD = 60
LONGEST_NATIONAL = 11  # digits from which a number has its country in front
LAST_CHARACTER = "\U0010ffff"  # no word goes on with it, so `prefix + it` ends the prefix's range
DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y")
MONTH_FIRST_FORMS = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y")
DATE_IN_WORDS = re.compile(r"\b(\d{1,2})\s+([A-Za-z]{3,9})\s+(\d{4})\b")


def folded(text: str) -> str:
    """Lower case without accents.

    >>> folded("Zoë ÅSTRÖM")
    'zoe astrom'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words_of(*texts: str | None) -> set[str]:
    """The words of names: the parts, and from each part on to a name's end as one word too.

    >>> sorted(words_of("Anne-Marie", "O’Brien"))
    ['anne', 'annemarie', 'brien', 'marie', 'o', 'obrien']
    """
    found: set[str] = set()
    for chunk in " ".join(text for text in texts if text).split():
        parts = re.findall(r"\w+", folded(chunk))
        found.update(parts, ("".join(parts[i:]) for i in range(len(parts))))
    return {word[:LONGEST_WORD] for word in found if word}


def as_one_word(text: str) -> set[str]:
    """An email address and the like as a single word, if there is one: its parts say nothing.

    >>> as_one_word("Ada.Rossi@example.com"), as_one_word("")
    ({'adarossiexamplecom'}, set())
    """
    word = "".join(re.findall(r"\w+", folded(text)))[:LONGEST_WORD]
    return {word} if word else set()


def tails_of(numbers: Iterable[str]) -> set[str]:
    """The ends of each phone number, from three digits up, so any run of digits finds it.

    >>> sorted(tails_of(["03 901"]))
    ['03901', '3901', '901']
    """
    digits = [re.sub(r"\D", "", number) for number in numbers]
    return {d[i:] for d in digits for i in range(len(d) - SHORTEST_TAIL + 1)}


def date_word(day: date) -> str:
    """How a birth date stands among the words.

    >>> date_word(date(1961, 3, 12))
    '1961-03-12'
    """
    return day.isoformat()


def searched_words(query: str) -> list[str]:
    """What to look for, each a prefix that must be found: words, runs of digits, a date.

    >>> searched_words("Rossi 12/3/1961")
    ['rossi', '1961-03-12']
    >>> searched_words("rossi 12 Mar 1961")
    ['rossi', '1961-03-12']
    >>> searched_words("0400 000 123")
    ['0400000123']
    """
    query = DATE_IN_WORDS.sub(_in_figures, query)
    if re.fullmatch(r"[\d\s()+-]+", query.strip()) and not _as_date(query.strip()):
        digits = re.sub(r"\D", "", query)
        return [digits] if digits else []
    return [word for chunk in query.split() for word in _of_chunk(chunk)]


# The calling codes of countries, by their length: one digit, two, else three.
CALLING_CODE = re.compile(
    r"(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d{2})"
)


def spellings(query: str) -> list[list[str]]:
    """`searched_words`, each with the other ways in which a phone number may have been kept.

    A number kept as 0400… is found by +61 400… and the reverse: by what both of them end in.

    >>> spellings("0400 000 123"), spellings("+61 400 000 123")
    ([['0400000123', '400000123']], [['61400000123', '400000123']])
    >>> spellings("Rossi")
    [['rossi']]
    """
    abroad = query.strip().startswith(("+", "00"))
    return [[word, *_without_prefix(word, abroad=abroad)] for word in searched_words(query)]


def _without_prefix(word: str, *, abroad: bool) -> list[str]:
    """The digits after the trunk's 0 or, in a number from abroad, after the country's code."""
    if not word.isdecimal():
        return []
    digits = word.removeprefix("00")
    if abroad or len(digits) >= LONGEST_NATIONAL:
        code = CALLING_CODE.match(digits)
        rest = digits[code.end() :].removeprefix("0") if code else ""
    else:
        rest = word.removeprefix("0")
    return [rest] if len(rest) >= SHORTEST_TAIL and rest != word else []


def _in_figures(found: re.Match[str]) -> str:
    """“12 March 1961” as “1961-03-12”; what is no date as it was."""
    day, month, year = found.groups()
    try:
        return datetime.strptime(f"{day} {month[:3]} {year}", "%d %b %Y").date().isoformat()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return found[0]


def _of_chunk(chunk: str) -> list[str]:
    day = _as_date(chunk)
    if day:
        return [date_word(day)]
    return [*as_one_word(chunk)]


def _as_date(text: str) -> date | None:
    """A date as the practice at hand writes it: with the month first where it does so."""
    month_first = formats().date_format.startswith("m/")
    for form in (*(MONTH_FIRST_FORMS if month_first else ()), *DATE_FORMS):
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
        return _born(day) if form.endswith("%y") else day
    return None


def _born(day: date) -> date:
    """With two digits for the year, the last such day that has come: 61 is 1961."""
    return day.replace(year=day.year - 100) if day > datetime.now(UTC).date() else day
