"""The form of connected apps as a browser without scripts sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.connections.world import URL
from tests.web.test_forms_as_drawn import Drawn
from tests.web.test_pages import UNCOUNTED

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

HERE = "/northside/settings/apps"
OTHER = "https://nz.example.com/patients"


class DrawnRows(Drawn):
    """What a browser would send: rows in their order, and each tick."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name = has.get("name") or ""
        former = self.fields.get(name)
        super().handle_starttag(tag, attrs)
        if tag == "input" and name == "row":
            self.rows.append(has.get("value") or "")
        if name.endswith("-roles"):
            ticked = [has.get("value")] if "checked" in has else []
            self.fields[name] = (former or []) + ticked


def drawn(page: Any) -> dict[str, Any]:
    rows = DrawnRows()
    rows.feed(page.content.decode())
    sent = {name: value for name, value in rows.fields.items() if name != "once"}
    return sent | {"row": rows.rows}


def as_drawn(admin: Client) -> dict[str, Any]:
    return drawn(admin.get(HERE))


def added(key: str = "new1", **said: Any) -> dict[str, Any]:
    """The fields of a row that was added."""
    fields = {"name": "Exercises", "url": URL, "is_on": "on"} | said
    return {"row": [key]} | {f"{key}-{name}": value for name, value in fields.items()}


def together(*rows: dict[str, Any]) -> dict[str, Any]:
    keys = [key for row in rows for key in row["row"]]
    return {name: value for row in rows for name, value in row.items()} | {"row": keys}


def names(practice: Practice) -> list[str]:
    return [app.name for app in practice.account.connected_apps.live().in_order()]


def statements(admin: Client, address: str = HERE) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert admin.get(address).status_code == 200
    return sum(not q["sql"].startswith(UNCOUNTED) for q in captured.captured_queries)
