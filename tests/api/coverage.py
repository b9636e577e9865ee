"""The page docs/api/coverage.md, written from the contract's facts and the table of routes.

`python -m tests.api.coverage` writes it; a test holds it true.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from casewell.api.routes import table
from tests.api.contract import contract, pattern_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "docs" / "api" / "coverage.md"
HEAD = """# What of the contract is here

Written by `tests/api/coverage.py` from the contract's facts and the routes; a test holds it true.

Each of the contract's resources with its operations. *Here*: answered as the contract has it.
*With …*: comes with that part of Casewell, through the same machinery. What the contract calls
older – kept for programs that use it – is marked so.

"""
SCHEDULING = "with scheduling"
NOTES = "with treatment notes, forms and products, which are not planned yet"
NEXT = "next: its domain is here"
LATER = {
    "appointment_type_products": NOTES,
    "patient_form_templates": NOTES,
    "patient_forms": NOTES,
    "product_suppliers": NOTES,
    "products": NOTES,
    "signatures": NOTES,
    "stock_adjustments": NOTES,
    "treatment_note_templates": NOTES,
    "treatment_notes": NOTES,
}


def coverage_page() -> str:
    """The whole page, as Markdown."""
    states = {name: list(_states(name)) for name in contract()}
    here = sum(state.startswith("here") for rows in states.values() for *_, state in rows)
    every = sum(len(rows) for rows in states.values())
    whole = sum(all(state.startswith("here") for *_, state in rows) for rows in states.values())
    told = f"{here} of {every} operations are here; {whole} of {len(states)} resources are whole.\n"
    return HEAD + told + "".join(_part(name, rows) for name, rows in states.items())


def _part(name: str, rows: list[tuple[str, str, str]]) -> str:
    lines = "".join(f"| {method} | `{path}` | {state} |\n" for method, path, state in rows)
    return f"\n## {name}\n\n| | Path | State |\n| --- | --- | --- |\n{lines}"


def _states(name: str) -> Iterator[tuple[str, str, str]]:
    """Method, path and state of each operation of a resource."""
    routes = {(route.method, route.pattern) for route in table().routes}
    for one in contract()[name]["endpoints"]:
        is_here = (one["method"], pattern_of(one["path"])) in routes
        state = "here" if is_here else _later(name, one)
        yield one["method"], one["path"], state + ", older" * bool(_is_old(one) and is_here)


def _later(name: str, endpoint: dict[str, Any]) -> str:
    """With what an operation comes that is not here. Raises KeyError where nobody has said."""
    last = [part for part in endpoint["path"].split("/") if part and "{" not in part][-1]
    return LATER[name] if name in LATER else LATER[last]


def _is_old(endpoint: dict[str, Any]) -> bool:
    return bool(endpoint.get("legacy") or endpoint.get("deprecated"))


if __name__ == "__main__":
    import django

    django.setup()
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(coverage_page())
