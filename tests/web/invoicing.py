"""The editor's form of a draft, as a browser sends it."""

from __future__ import annotations


def line(number: int = 0, **fields: str) -> dict[str, str]:
    """A row of the editor as a browser sends it."""
    row = {"name": "Consultation", "quantity": "1", "unit_price": "100.00", "discount": ""}
    return {f"lines-{number}-{name}": value for name, value in (row | fields).items()}


def sent(*rows: dict[str, str], **fields: str) -> dict[str, str]:
    """The editor's form as a browser sends it; a draft without a visit says by whom and where."""
    head = {"issue_date": "2026-03-03", "due_date": "2026-03-17", "act": "issue"}
    return {name: value for row in rows for name, value in row.items()} | head | fields
