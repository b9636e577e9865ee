"""Filters as the contract writes them: `q[]=field:operator value`, all of which must hold.

Each type has its operators. A filter becomes a condition with a place for its value, so that
lists with the same filters share one compiled statement.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django.db.models import BooleanField, CharField, F, Func, Q

from casewell.api.errors import BadRequest
from casewell.api.prepared import Given
from casewell.api.values import moment_in, whole
from casewell.lib.words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from casewell.tenancy.search import SearchWord

OPERATOR = re.compile(r"(!\?|!=|>=|<=|~~|[?*=><~])(.*)", re.DOTALL)
SECOND = timedelta(seconds=1)
NOT_TRUE = "%(expressions)s IS NOT TRUE"  # also of what has no value
# A plus sign that a client did not encode arrives as a space.
LOST_PLUS = re.compile(r" (\d\d:?\d\d)$")
WILD_DAY = re.compile(r"[\d*]{4}-[\d*]{2}-[\d*]{2}", re.ASCII)
ESCAPED = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


class Condition(Func):
    """A condition on a column: its SQL, with the value where the second placeholder is."""

    conditional = True
    output_field = BooleanField()
    template = "(%(expressions)s)"

    def __init__(self, column: Any, between: str, *values: Given) -> None:
        super().__init__(F(column) if isinstance(column, str) else column, *values)
        self.arg_joiner = between


class Tested(Func):
    """A condition without a value."""

    conditional = True
    output_field = BooleanField()

    def __init__(self, column: Any, template: str) -> None:
        super().__init__(F(column) if isinstance(column, str) else column, template=template)


class Asked(NamedTuple):
    """One filter of a request, understood: `value` goes to the place named in the condition.

    So does `word`, where what is asked for has a word that an index knows.
    """

    field: str
    operator: str
    value: Any
    word: Any = None

    @property
    def shape(self) -> Asked:
        """What of it decides the statement; the rest goes to its places."""
        return self._replace(value=None, word=self.word is not None)


class Kind:
    """A filterable field: of what type, and of which column, the one of its name if not said."""

    operators: ClassVar[tuple[str, ...]]
    called: ClassVar[str]
    comparisons = frozenset({">=", ">", "<=", "<"})
    has_order: ClassVar[bool] = True  # whether lists can be sorted by it

    def __init__(
        self, column: Any = None, way_in: Callable[[str, Given], Any] | None = None
    ) -> None:
        """`way_in` narrows the rows by an index, for an operator, where the column has none."""
        self.column, self.way_in = column, way_in

    def read(self, operator: str, text: str) -> tuple[str, Any]:
        """The operator, told apart further where its SQL differs, and its value.

        Raises ValueError where the text is none of this type.
        """
        raise NotImplementedError

    def word(self, operator: str, text: str) -> str | None:
        """A word that all have that are found, where the records' words are rows."""
        return None

    def condition(self, column: Any, operator: str, value: Given) -> Any:
        """What the rows must fulfil."""
        if operator in ("?", "!?"):
            return Tested(column, f"%(expressions)s IS {'NOT ' * (operator == '?')}NULL")
        if operator == "!=":
            return Condition(column, " IS DISTINCT FROM ", value)
        return Condition(column, f" {operator} ", value)


class Number(Kind):
    """Whole numbers and ids. `=` and `!=` take several, between commas."""

    operators = ("=", "!=", ">=", ">", "<=", "<", "?", "!?")
    called = "a number"

    def read(self, operator: str, text: str) -> tuple[str, Any]:
        if operator in ("=", "!="):
            return operator, [whole(part) for part in text.split(",")]
        return operator, whole(text)

    def condition(self, column: Any, operator: str, value: Given) -> Any:
        if operator == "=":
            return Condition(column, " = ANY ", value)
        if operator == "!=":
            return Tested(Condition(column, " = ANY ", value), NOT_TRUE)
        return super().condition(column, operator, value)


class Text(Kind):
    """Text, compared without regard to case; `~~` takes any number of `%`."""

    operators = ("=", "!=", "~", "~~", "?", "!?")
    called = "text"

    def __init__(self, column: Any = None, *, words: type[SearchWord] | None = None) -> None:
        """`words` has the words of the column: what is equal is found by one of them.

        Only a word's index may be used for it; a comparison without regard to case may not
        (docs/architecture.md, Search).
        """
        super().__init__(column)
        self.words = words

    def word(self, operator: str, text: str) -> str | None:
        known = words_of(text) if self.words and operator == "=" else ()
        return max(known, key=lambda word: (len(word), word), default=None)

    def read(self, operator: str, text: str) -> tuple[str, Any]:
        if "\0" in text:
            raise ValueError
        if operator == "~~":
            return operator, text.replace("\\", r"\\").replace("_", r"\_")
        plain = text.translate(ESCAPED)
        return operator, f"%{plain}%" if operator == "~" else plain

    def condition(self, column: Any, operator: str, value: Given) -> Any:
        if operator in ("?", "!?"):
            return Tested(
                column, f"NULLIF(%(expressions)s, '') IS {'NOT ' * (operator == '?')}NULL"
            )
        alike = Condition(column, " ILIKE ", value)
        return Tested(alike, NOT_TRUE) if operator == "!=" else alike

    def with_word(self, word: Given) -> Q:
        """The records that have the word."""
        rows: Any = self.words
        return Q(pk__in=rows.objects.filter(word=word).values("record"))


class Flag(Kind):
    """`true` or `false`."""

    operators = ("=", "!=")
    called = "true or false"

    def read(self, operator: str, text: str) -> tuple[str, Any]:
        return operator, {"true": True, "false": False}[text.strip().lower()]


class Day(Kind):
    """A date; `=` takes stars in place of digits: `****-05-**` is every May."""

    operators = ("=", ">=", ">", "<=", "<", "?", "!?")
    called = "a date"

    def read(self, operator: str, text: str) -> tuple[str, Any]:
        text = text.strip()
        if operator == "=" and "*" in text and WILD_DAY.fullmatch(text):
            return "=*", text.replace("*", "_")
        return operator, date.fromisoformat(text)

    def condition(self, column: Any, operator: str, value: Given) -> Any:
        if operator == "=*":
            text = Func(F(column), template="to_char(%(expressions)s, 'YYYY-MM-DD')")
            return Condition(text, " LIKE ", value)
        return super().condition(column, operator, value)


class Moment(Kind):
    """A time in UTC. `*` is no condition: it shows what is hidden at first.

    Answers give whole seconds, so whole seconds are compared by what was shown: after 9:00:00
    begins at 9:00:01. A value with a fraction is compared exactly, so that none is lost to
    clients that ask from their own clock.
    """

    operators = (">=", ">", "<=", "<", "?", "!?", "*")
    called = "a date and time"

    def read(self, operator: str, text: str) -> tuple[str, Any]:
        moment = moment_in(LOST_PLUS.sub(r"+\1", text.strip()))
        if moment.microsecond or operator in (">=", "<"):
            return operator, moment
        return {">": ">=", "<=": "<"}[operator], moment + SECOND


class Holds(Kind):
    """A list that must hold a value; `rows` gives the condition for it."""

    operators = ("~",)
    called = "a number"
    has_order = False

    def __init__(self, rows: Callable[[Given], Any]) -> None:
        super().__init__()
        self.rows = rows

    def read(self, operator: str, text: str) -> tuple[str, Any]:
        return operator, whole(text)

    def condition(self, column: Any, operator: str, value: Given) -> Any:
        return self.rows(value)


def asked_in(texts: Iterable[str], known: dict[str, Kind]) -> list[Asked]:
    """The filters of a request, which `known` allows. Raises BadRequest by the contract's words."""
    return [_asked(text, known) for text in texts if text]


def _asked(text: str, known: dict[str, Kind]) -> Asked:
    field, _, rest = text.partition(":")
    kind = known.get(field)
    if kind is None:
        raise BadRequest(f"{field} is not filterable")
    found = OPERATOR.fullmatch(rest)
    if not found or found[1] not in kind.operators:
        raise BadRequest(f"Valid operators for {field}: {', '.join(kind.operators)}")
    operator, value = found.groups()
    if operator in ("?", "!?", "*"):
        return Asked(field, operator, None)
    try:
        return Asked(field, *kind.read(operator, value), kind.word(operator, value))
    except (ValueError, KeyError, OverflowError) as error:
        raise BadRequest(f"Filter value for {field} must be {kind.called}") from error


def condition_of(number: int, asked: Asked, known: dict[str, Kind]) -> Q | None:
    """The condition of the filter in that place; None where it is none.

    Its values are given by the names of `values_of`.
    """
    kind = known[asked.field]
    if asked.operator == "*":
        return None
    column = asked.field if kind.column is None else kind.column
    value = Given(_slot(number))
    narrowed = kind.way_in(asked.operator, value) if kind.way_in else None
    condition = Q(kind.condition(column, asked.operator, value)) & (narrowed or Q())
    if asked.word and isinstance(kind, Text):
        condition &= kind.with_word(Given(_slot(number, "word"), CharField()))
    return condition


def values_of(asked: Iterable[Asked]) -> dict[str, Any]:
    """The values of the filters, each by the name of its place."""
    found = {}
    for number, one in enumerate(asked):
        found[_slot(number)] = one.value
        if one.word is not None:
            found[_slot(number, "word")] = one.word
    return found


def _slot(number: int, what: str = "filter") -> str:
    return f"{what}_{number}"
