"""Which rows go back when a merge is undone, asked of the tables as they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.invoices.models import DraftInvoice, Invoice
from casewell.records.keys import Key, key_of, moving_keys, parent_keys
from casewell.records.models.errors import MergeMixed
from casewell.records.parting import Place, Row, parted

if TYPE_CHECKING:
    from casewell.records.models.merge import Merge
    from casewell.records.moving import Ids

TOLD = 5  # of what stands in the way
DRAFT, ISSUED = (f"{model._meta.label_lower}.patient" for model in (DraftInvoice, Invoice))


def going_back(merge: Merge) -> Ids:
    """The ids of what goes back, by the names of their keys. Raises MergeMixed."""
    moved = {(name, pk) for name, ids in merge.moved.items() for pk in ids}
    # An invoice has the id of its draft, so it goes where its draft would.
    moved |= {(ISSUED, pk) for pk in merge.moved.get(DRAFT, [])}
    rows: dict[Place, Row] = {}
    for key in moving_keys().values():
        rows |= _rows_of(key, merge, [pk for name, pk in moved if name == key.name])
    parting = parted(rows, moved)
    if parting.mixed:
        raise MergeMixed(_told_of(parting.mixed))
    ids: Ids = {}
    for name, pk in sorted(parting.going):
        ids.setdefault(name, []).append(pk)
    return ids


def _rows_of(key: Key, merge: Merge, moved: list[int]) -> dict[Place, Row]:
    """What the one who stays has by that key; all of it where rows may be of one another."""
    rows = key.rows(merge.kept_id)
    if not key.parents and key.name not in parent_keys():
        pks = rows.filter(pk__any_of=moved).values_list("pk", flat=True) if moved else ()
        return {(key.name, pk): Row(is_new=False) for pk in pks}
    parents = [(key_of(field, key), field.attname) for field in key.parents]
    columns = rows.values_list("pk", "created_at", *(attname for _, attname in parents))
    return {
        (key.name, pk): Row(
            # Ids are in order of time too; an invoice has that of its draft.
            is_new=created_at > merge.made_at or pk > merge.pk,
            parents=tuple(
                (name, parent)
                for (name, _), parent in zip(parents, found, strict=True)
                if parent is not None
            ),
        )
        for pk, created_at, *found in columns
    }


def _told_of(mixed: list[Place]) -> str:
    """What stands in the way, in words."""
    named = [_called(moving_keys()[name], pk) for name, pk in mixed[:TOLD]]
    more = f" and {len(mixed) - TOLD} more" if len(mixed) > TOLD else ""
    return (
        "Since the merge these belong to what came and to what was there: "
        f"{'; '.join(named)}{more}. Take them apart first: out of the case, or paid back."
    )


def _called(key: Key, pk: int) -> str:
    record: Any = key.model.objects.get(pk=pk)
    return str(getattr(record, "in_words", None) or f"{key.model._meta.verbose_name} “{record}”")
