"""What operations, paths and schemas are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.api.routes import ANY, table

if TYPE_CHECKING:
    from casewell.api.resource import Resource
    from casewell.api.routes import Route

VERBS = {
    "read": "get",
    "create": "create",
    "archive": "archive",
    "unarchive": "unarchive",
    "delete": "delete",
    "cancel": "cancel",
}
IRREGULAR = {"businesses": "business"}


def singular(collection: str) -> str:
    """What one record of a collection is called.

    >>> singular("businesses"), singular("patient_cases")
    ('business', 'patient_case')
    """
    return IRREGULAR.get(collection, collection.removesuffix("s"))


def item_of(resource: Resource) -> str:
    """What one record of the resource is called: `patient_case`."""
    return resource.item or singular(resource.name)


def camel(name: str) -> str:
    """The name as schemas have it.

    >>> camel("patient_case")
    'PatientCase'
    """
    return "".join(part.capitalize() for part in name.split("_"))


def words_of(name: str) -> str:
    """The name as people read it."""
    return name.replace("_", " ")


def path_of(route: Route) -> str:
    """The path of a route, its ids by name: `/patients/{patient_id}/medical_alerts`."""
    parts = route.pattern.split("/")
    named = []
    for before, part in zip(["", *parts], parts, strict=False):
        own = before == route.resource.name and not _has_parent(route)
        name = "id" if own else f"{singular(before)}_id"
        named.append(f"{{{name}}}" if part == ANY else part)
    return "/" + "/".join(named)


def ids_of(route: Route) -> list[str]:
    """The names of the ids in its path."""
    return [part[1:-1] for part in path_of(route).split("/") if part.startswith("{")]


def _has_parent(route: Route) -> bool:
    return bool(route.listing and route.listing.within)


def operation_id(route: Route) -> str:
    """The operation's own name: `listPatientMedicalAlerts`, `getPatient`."""
    item, many = camel(item_of(route.resource)), camel(route.resource.name)
    if route.listing:
        inside = camel(singular(route.listing.within)) if route.listing.within else ""
        return f"list{inside}{camel(route.listing.word)}{many}"
    if route.does == "update":
        return f"{'update' if route.method == 'PATCH' else 'put'}{item}"
    if route.does in VERBS and route.pattern.split("/")[0] == route.resource.name:
        return VERBS[route.does] + item
    if is_own(route):
        return f"getOwn{item}"
    return route.method.lower() + camel("_".join(_words_in(route)))


def is_own(route: Route) -> bool:
    """Whether it reads a record that needs no id: the key's own."""
    return route.does == "read" and ANY not in route.pattern


def _words_in(route: Route) -> list[str]:
    parts = route.pattern.split("/")
    return [
        singular(part) if after == ANY else part
        for part, after in zip(parts, [*parts[1:], ""], strict=True)
        if part != ANY
    ]


def summary_of(route: Route) -> str:
    """What the operation does, in a few words."""
    item, many = words_of(item_of(route.resource)), words_of(route.resource.name)
    if route.listing:
        word, inside = route.listing.word, route.listing.within
        of = f" of a {words_of(singular(inside))}" if inside else ""
        return f"List {word + ' ' if word else ''}{many}{of}"
    if route.does == "update":
        return f"Change some properties of a {item}"
    if route.does in VERBS:
        whose = "the key's own" if is_own(route) else "a"
        return f"{VERBS[route.does].capitalize()} {whose} {item}"
    return f"{words_of(item).capitalize()}: {words_of(route.does)}"


def resource_called(name: str) -> Resource | None:
    """The resource of that name, if the API has it."""
    return next((one for one in table().resources if one.name == name), None)
