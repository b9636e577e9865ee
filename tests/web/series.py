"""A series as the panel of a new appointment asks for it, and as its dates are shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.web.pages import booked
from tests.world import words_in

if TYPE_CHECKING:
    from tests.world import Practice


def weekly(practice: Practice, times: int = 12, **fields: Any) -> dict[str, Any]:
    """Ada's, each Monday at nine from 16 March 2026 on: clocks are put back on 5 April."""
    rule = {"repeat": "weekly", "repeat_every": "1", "repeat_ends": "times"}
    when = {"date": "2026-03-16", "time": "09:00", "repeat_times": str(times)}
    return booked(practice, **when) | rule | fields


def dates_in(answer: Any) -> list[tuple[str, str, str]]:
    """Each date that is shown: when, what is done about it, and what speaks against it."""
    page = answer.content.decode()
    listed = page.split('class="repeat-dates__list"')[1].split("</ol>")[0]
    found = []
    for line in listed.split("<li ")[1:]:
        when = words_in(f"<p {line.split('<select')[0]}").split(" ", 1)[1]
        [act] = re.findall(r'value="[\d-]+:(\w+)" selected', line)
        warnings = words_in(line.split("</select>")[1].split("</li>")[0])
        found.append((when, act, warnings))
    return found


def known_in(answer: Any) -> dict[str, str]:
    """What the panel says that its sender has been shown."""
    return dict(re.findall(r'name="(known_\w+)" value="([^"]*)"', answer.content.decode()))
