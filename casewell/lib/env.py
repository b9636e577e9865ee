"""Settings from environment variables, read once at start-up and refused there clearly."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

YES = frozenset({"yes", "true", "on", "1"})
NO = frozenset({"no", "false", "off", "0"})


def env(name: str, reader: Callable[[str], T], default: str | None = None) -> T:
    """The variable `name` (or `default`, in the same spelling) as `reader` understands it.

    An empty variable counts as absent. Raises ImproperlyConfigured, with the variable's name and
    what was wrong, where `reader` refuses the value, and where there is neither value nor default.
    Whether the value itself is shown is the reader's choice: some are secrets.
    """
    written = os.environ.get(name) or default
    if written is None:
        raise ImproperlyConfigured(f"{name} is not set.")
    try:
        return reader(written)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from error


def yes_or_no(written: str) -> bool:
    """
    >>> yes_or_no("on"), yes_or_no("No")
    (True, False)
    """
    if written.lower() in YES | NO:
        return written.lower() in YES
    raise ValueError(f"expected yes or no, not {written!r}")


def words(written: str) -> list[str]:
    """
    >>> words("a.example, b.example,")
    ['a.example', 'b.example']
    """
    return [word for part in written.split(",") if (word := part.strip())]


def integer(written: str) -> int:
    """
    >>> integer("8000")
    8000
    """
    try:
        return int(written)
    except ValueError:
        raise ValueError(f"expected a whole number, not {written!r}") from None


def one_of(*choices: str) -> Callable[[str], str]:
    """A reader that takes these words alone.

    >>> one_of("no", "tls")("TLS")
    'tls'
    """

    def chosen(written: str) -> str:
        if written.lower() in choices:
            return written.lower()
        raise ValueError(f"expected {' or '.join(choices)}, not {written!r}")

    return chosen


def cell(written: str) -> str:
    """The name of an installation at the end of its keys, as clients of the API know them.

    >>> cell("au1")
    'au1'
    """
    if re.fullmatch(r"[a-z]{2}[0-9]{1,2}", written):
        return written
    raise ValueError(f"expected two small letters and one or two digits, not {written!r}")


def path(written: str) -> Path:
    """An absolute path; a relative one starts at the current folder, `~` is the user's home."""
    return Path(written).expanduser().absolute()
