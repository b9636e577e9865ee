"""Which address is answered by what: a table made of the resources, looked up without searching."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from casewell.api.writing import Writable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from casewell.api.bodies import Body
    from casewell.api.calls import Answer, Call
    from casewell.api.resource import Listing, Resource

LARGEST_ID = 2**63 - 1
ANY = "*"  # an id in a pattern


@dataclass(frozen=True)
class Route:
    """One operation: `act` answers `method` at `pattern`, in which ids are stars.

    One with its own word says what it `takes` and `gives`, and what it `asks` after the question
    mark, a description each; `media` are the types of an answer that is no JSON.
    """

    method: str
    pattern: str
    act: Callable[[Call], Answer]
    resource: Resource
    does: str  # list, read, create, update, archive, unarchive, delete, or its own word
    listing: Listing | None = None
    status: int = 204  # of an operation with its own word, when it succeeds
    takes: type[Body] | None = None
    gives: Any = None
    media: tuple[str, ...] = ()
    asks: tuple[tuple[str, str, bool], ...] = ()  # dates: name, description, whether required
    paged: bool = False

    @property
    def deprecated(self) -> bool:
        """Whether the contract has a newer way to the same."""
        if self.resource.is_older:
            return True
        if self.does == "delete":
            return isinstance(self.resource, Writable) and self.resource.archives
        return bool(self.listing and self.listing.is_older)


class Table:
    """All routes, by pattern and method."""

    def __init__(self, resources: list[Resource]) -> None:
        self.resources = resources
        self.routes = [route for one in resources for route in routes_of(one)]
        self._known: dict[tuple[str, ...], dict[str, Route]] = {}
        for route in self.routes:
            at = self._known.setdefault(tuple(route.pattern.split("/")), {})
            at[route.method] = route

    def find(self, path: str) -> tuple[dict[str, Route], tuple[int, ...]] | None:
        """The routes of a path below `/v1/`, by method, and the ids in it; None where there are
        none. A slash at the end makes no difference.
        """
        parts = path.strip("/").split("/")
        numbers = [part for part in parts if part.isascii() and part.isdigit()]
        pattern = tuple(ANY if p.isascii() and p.isdigit() else p for p in parts)
        found = self._known.get(pattern)
        ids = tuple(map(int, (number[:25] for number in numbers)))
        if found is None or any(one > LARGEST_ID for one in ids):
            return None
        return found, ids


def routes_of(resource: Resource) -> Iterator[Route]:
    """The routes that follow from a declaration."""
    for listing in resource.lists:
        yield _list_route(resource, listing)
    name = resource.name
    if resource.has_items:
        yield Route("GET", f"{name}/*", resource.read, resource, "read")
    if isinstance(resource, Writable):
        yield from _writing(resource)
    yield from resource.further()


def _list_route(resource: Resource, listing: Listing) -> Route:
    inside = f"{listing.within}/*/" if listing.within else ""
    word = f"/{listing.word}" if listing.word else ""

    def act(call: Call) -> Answer:
        return resource.list(call, listing)

    return Route("GET", f"{inside}{resource.name}{word}", act, resource, "list", listing)


def _writing(resource: Writable) -> Iterator[Route]:
    name = resource.name
    if resource.creates:
        yield Route("POST", name, resource.create, resource, "create")
    if resource.changes and resource.has_items:
        yield Route("PATCH", f"{name}/*", resource.update, resource, "update")
        yield Route("PUT", f"{name}/*", resource.update, resource, "update")
    if resource.removes:
        if resource.archives:
            yield Route("POST", f"{name}/*/archive", resource.archive, resource, "archive")
        if resource.deletes:
            yield Route("DELETE", f"{name}/*", resource.archive, resource, "delete")
    if resource.restores:
        yield Route("POST", f"{name}/*/unarchive", resource.unarchive, resource, "unarchive")


@cache
def table() -> Table:
    """The table of all resources; made when first asked for, because models come first."""
    from casewell.api.resources import RESOURCES

    return Table([resource() for resource in RESOURCES])
