"""What may be asked of an operation, beside its body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.api.calls import MOST_ON_A_PAGE, USUAL_PAGE
from casewell.api.filters import Day, Flag, Kind, Moment, Number, Text
from casewell.api.idempotency import LONGEST
from casewell.api.openapi.answers import is_guarded
from casewell.api.openapi.names import ids_of, words_of

if TYPE_CHECKING:
    from casewell.api.routes import Route

TIME = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})"
# By kind: what stands after the field's name and the colon.
WRITTEN: dict[type[Kind], str] = {
    Number: r"((=|!=)\d{1,18}(,\d{1,18})*|(>=|>|<=|<)\d{1,18}|!?\?)",
    Text: r"((=|!=|~|~~)[^\x00]+|!?\?)",
    Flag: r"(=|!=)(true|false)",
    Day: r"(=[\d*]{4}-[\d*]{2}-[\d*]{2}|(>=|>|<=|<)\d{4}-\d{2}-\d{2}|!?\?)",
    Moment: rf"((>=|>|<=|<){TIME}|!?\?|\*)",
}
HOLDS = r"~\d{1,18}"


def parameters_of(route: Route) -> list[dict[str, Any]]:
    """The parameters of an operation."""
    found = [_id(name) for name in ids_of(route)]
    if route.listing:
        found += _of_lists(route)
    elif route.does == "read" and route.pattern.endswith("*"):
        shown = route.resource.of_items()
        found += [_filters(shown, "Shows what is hidden at first.")] if shown else []
    found += [_day(*asked) for asked in route.asks]
    return found + (_pages() if route.paged else []) + _headers(route)


def _day(name: str, description: str, required: bool) -> dict[str, Any]:
    schema = {"type": "string", "format": "date"}
    return _query(name, description, schema) | {"required": required}


def _id(name: str) -> dict[str, Any]:
    what = "record" if name == "id" else words_of(name.removesuffix("_id"))
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": f"The id of the {what}.",
        "schema": {"type": "string", "pattern": "^[0-9]{1,19}$"},
    }


def _of_lists(route: Route) -> list[dict[str, Any]]:
    lacks = route.listing.lacks if route.listing else ()
    known = {name: kind for name, kind in route.resource.filters.items() if name not in lacks}
    columns = {name for name, kind in known.items() if kind.has_order and _is_column(kind)}
    return [
        *_pages(),
        _query("sort", "Columns, each perhaps with `:asc` or `:desc`.", _sort(columns)),
        _query(
            "order",
            "The direction of columns that have none.",
            {"type": "string", "enum": ["asc", "desc"]},
        ),
        *([_filters(known, "All of them must hold.")] if known else []),
    ]


def _pages() -> list[dict[str, Any]]:
    number = {"type": "integer", "minimum": 1}
    return [
        _query("page", "Which page.", number | {"default": 1, "maximum": 10**9}),
        _query(
            "per_page",
            "How many on a page.",
            number | {"maximum": MOST_ON_A_PAGE, "default": USUAL_PAGE},
        ),
    ]


def _is_column(kind: Kind) -> bool:
    return kind.column is None or isinstance(kind.column, str)


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _sort(columns: set[str]) -> dict[str, Any]:
    one = f"({'|'.join(sorted(columns | {'created_at', 'id'}))})(:asc|:desc)?"
    return {"type": "string", "pattern": f"^{one}(,{one})*$", "maxLength": 200}


def _filters(known: dict[str, Kind], about: str) -> dict[str, Any]:
    lines = [
        f"- `{name}` is {kind.called}: {' '.join(f'`{o}`' for o in kind.operators)}"
        for name, kind in sorted(known.items())
    ]
    return {
        "name": "q[]",
        "in": "query",
        "description": f"Filters, `field:operator value`. {about}\n\n" + "\n".join(lines),
        "style": "form",
        "explode": True,
        "schema": {
            "type": "array",
            "maxItems": 20,
            "items": {"type": "string", "pattern": f"^({'|'.join(_patterns(known))})$"},
        },
    }


def _patterns(known: dict[str, Kind]) -> list[str]:
    """How filters are written, those of one kind together."""
    by_kind: dict[str, list[str]] = {}
    for name, kind in sorted(known.items()):
        written = next((w for one, w in WRITTEN.items() if isinstance(kind, one)), HOLDS)
        by_kind.setdefault(written, []).append(name)
    return [f"({'|'.join(names)}):{written}" for written, names in by_kind.items()]


def _headers(route: Route) -> list[dict[str, Any]]:
    found = []
    if route.method == "POST":
        seen = {"type": "string", "pattern": "^[!-~]+$", "maxLength": LONGEST}
        said = "An addition: the call is done once for each key, however often it is sent."
        found.append(_header("Idempotency-Key", said, seen))
    tag = {"type": "string", "pattern": '^(W/)?"[0-9a-f]{1,64}"$'}
    if is_guarded(route):
        said = "An addition: the `ETag` that was read; the change is refused over another's."
        found.append(_header("If-Match", said, tag))
    if route.method == "GET":
        found.append(_header("If-None-Match", "An addition: 304 where it is still that.", tag))
    return found


def _header(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": description, "schema": schema}
