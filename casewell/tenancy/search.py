"""Search by the start of words, over a tenant table of words.

Only leakproof operators may use an index under row-level security; `LIKE`, trigrams and `@@` are
not. So words are rows, compared by range in the "C" collation (docs/architecture.md, Search).
"""

from __future__ import annotations

import functools
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from casewell.lib.words import LAST_CHARACTER, spellings
from casewell.tenancy.models import TenantModel, TenantQuerySet

NEAREST = 200  # words that are looked at for a list as one types

RecordT = TypeVar("RecordT", bound=models.Model, covariant=True)


class SearchWord(TenantModel):
    """A word of one record; the subclass adds `record`, a TenantForeignKey."""

    word = models.CharField(max_length=60, db_collation="C")
    created_at = None  # type: ignore[assignment]
    updated_at = None  # type: ignore[assignment]

    class Meta(TenantModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.word

    @staticmethod
    def indexes(name: str) -> list[models.Index]:
        """By word, with the record beside it, and by record, for rewriting."""
        return [
            models.Index(fields=["account", "word", "record"], name=f"{name}_words"),
            models.Index(fields=["account", "record"], name=f"words_of_{name}"),
        ]


class SearchedQuerySet(TenantQuerySet[RecordT]):
    """Records with `words`, a reverse relation to their SearchWord rows."""

    def matching(self, query: str) -> Self:
        """Records that have, for each word of `query`, a word that starts with it."""
        found = self
        for prefixes in spellings(query):
            found = found.filter(pk__in=self._words_from(prefixes).values("record"))
        return found

    def closest(self, query: str) -> Self:
        """Like `matching`, for a list as one types: of very many, those whose words come first.

        “sm” is a start of thousands of words in a large practice. They are read in the index's
        order and no further than a list needs, so that exact words are among the first.
        """
        *others, lead = sorted(spellings(query), key=lambda prefixes: len(prefixes[0])) or [[]]
        if not lead:
            return self
        rest = self
        for prefixes in others:
            rest = rest.filter(pk__in=self._words_from(prefixes).values("record"))
        nearest = [
            self._words_from([prefix])
            .filter(record__in=rest.values("pk"))
            .order_by("word", "record")
            .values("record")[:NEAREST]
            for prefix in lead
        ]
        near = functools.reduce(lambda some, more: some.union(more), nearest)
        return self.filter(pk__in=near)

    def _words_from(self, prefixes: list[str]) -> models.QuerySet[Any]:
        """The words that start with one of `prefixes`."""
        ranges = (Q(word__gte=p, word__lt=p + LAST_CHARACTER) for p in prefixes)
        return self._words().filter(functools.reduce(Q.__or__, ranges))

    def _words(self) -> models.QuerySet[Any]:
        return self.model._meta.get_field("words").related_model._base_manager.all()  # type: ignore[union-attr]


def rewrite_words(record: Any) -> None:
    """Make the record's rows of words equal to its `search_words()`."""
    rows = record.words.model
    wanted, kept = record.search_words(), set(record.words.values_list("word", flat=True))
    if kept - wanted:
        record.words.filter(word__in=kept - wanted).delete()
    rows.objects.bulk_create(
        rows(account_id=record.account_id, record_id=record.pk, word=word)
        for word in sorted(wanted - kept)
    )
