"""A merge: one patient's records became another's, and what is needed to part them again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from casewell.patients.models import Patient
from casewell.records.filling import fill
from casewell.records.models.errors import MergeStands, NotMergeable
from casewell.records.models.steps import (
    bring_back,
    give_back,
    leave_lists,
    put_away_twins,
    send_away,
    take_out_again,
    take_over,
)
from casewell.records.models.undoing import going_back
from casewell.records.moving import Ids, found, give, hold
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from casewell.audit.actors import Actor

UNDONE_WITHIN = timedelta(days=30)


class MergeQuerySet(TenantQuerySet["Merge"]):
    def standing(self) -> Self:
        return self.filter(undone_at=None)

    def recent(self, now: datetime) -> Self:
        """Those that could still be undone by their age."""
        return self.filter(made_at__gt=now - UNDONE_WITHIN)


MergeManager = TenantManager.from_queryset(MergeQuerySet)


class Merge(TenantModel):
    """That `gone` became `kept`. Its row is never changed but by what follows, and by undoing.

    `moved` are the ids of the rows that changed hands, by the names of their keys; `put_away` the
    visits that were archived because both were in one booking; `filled` what `kept` took over.
    """

    may_change = ("moved", "put_away", "undone_at", "updated_at")
    untold_fields = frozenset({"moved", "put_away", "filled"})

    account = AccountField(related_name="merges")
    kept = TenantForeignKey(Patient, models.PROTECT, related_name="took_over")
    gone = TenantForeignKey(Patient, models.PROTECT, related_name="merges")
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    moved: models.JSONField[Any, Any] = models.JSONField(default=dict)
    put_away: models.JSONField[Any, Any] = models.JSONField(default=list)
    filled: models.JSONField[Any, Any] = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    gone_archived_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[MergeManager] = MergeManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "kept", "id"], name="merges_into_patient"),
            models.Index(fields=["account", "gone", "id"], name="merges_of_patient"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "gone"],
                condition=models.Q(undone_at=None),
                name="merged_into_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.gone} into {self.kept}"

    @property
    def count(self) -> int:
        """How many records came to the one who stays."""
        return sum(len(ids) for ids in self.moved.values())

    @property
    def last_moment(self) -> datetime:
        """Until when it can be undone."""
        return self.made_at + UNDONE_WITHIN

    @classmethod
    def make(cls, kept: Patient, gone: Patient, *, take: Collection[str] = (), by: Actor) -> Merge:
        """Let all that `gone` has be `kept`'s, and `take` of its fields what `kept` lacks.

        The one that stands where that was done before. Raises NotMergeable.
        """
        with transaction.atomic():
            held = hold([gone.pk], [kept.pk, gone.pk])
            kept, gone = held[kept.pk], held[gone.pk]
            if gone.merged_with_id == kept.pk:
                return cls.objects.standing().get(gone=gone)
            refuse_unless_mergeable(kept, gone)
            merge = cls(
                account_id=kept.account_id,
                kept=kept,
                gone=gone,
                user=by.member.user if by.member else None,
                made_at=timezone.now(),
                filled=fill(kept, gone, take),
                gone_archived_at=gone.archived_at,
            )
            leave_lists(kept, gone, by=by)
            merge.put_away = put_away_twins(kept, gone, merge.made_at, by=by)
            merge._move(found(kept.pk, gone.pk))
            merge.save(force_insert=True)
            send_away(gone, kept, merge.made_at, by=by)
            take_over(kept, gone, merge.filled, by=by)
            # Not at the top: tasks find their merge by this module.
            from casewell.records.tasks import gather_soon

            gather_soon(merge)
        return merge

    def gather(self, *, by: Actor) -> int:
        """Bring after it what came to the gone one in the same moment; how many rows that were.

        Who began before the merge and ended after it has still written to the one that went.
        """
        if not found(self.kept_id, self.gone_id):
            return 0
        with transaction.atomic():
            patients = hold([self.gone_id], [self.kept_id, self.gone_id])
            held = self.held()
            if held.undone_at:
                return 0
            leave_lists(patients[held.kept_id], patients[held.gone_id], by=by)
            twins = put_away_twins(
                patients[held.kept_id], patients[held.gone_id], held.made_at, by=by
            )
            late = found(held.kept_id, held.gone_id)
            held._move(late)
            held.put_away = [*held.put_away, *twins]
            held.save(update_fields=["moved", "put_away", "updated_at"])
        return sum(map(len, late.values()))

    def undo(self, *, by: Actor) -> None:
        """Give back what moved and what was added to it since; the rest stays as it is now.

        Raises MergeStands or MergeMixed, and then nothing is changed.
        """
        with transaction.atomic():
            patients = hold([self.kept_id], [self.kept_id, self.gone_id])
            held = self.held()
            if held.undone_at:
                return
            kept, gone = patients[held.kept_id], patients[held.gone_id]
            held.refuse_unless_undoable(kept)
            give(going_back(held), of=kept.pk, to=gone.pk, account_id=kept.account_id)
            take_out_again(held.put_away, held.made_at, by=by)
            bring_back(gone, held.gone_archived_at, by=by)
            give_back(kept, gone, held.filled, by=by)
            held.undone_at = self.undone_at = timezone.now()
            held.save(update_fields=["undone_at", "updated_at"])

    def held(self) -> Merge:
        """This merge, read anew and locked to the end of the transaction."""
        rows = type(self).objects.select_for_update(of=("self",), no_key=True)
        return rows.select_related("kept", "gone").get(pk=self.pk)

    def refuse_unless_undoable(self, kept: Patient) -> None:
        """Raise MergeStands where it can be undone no more, or not yet."""
        if kept.merged_at:
            raise MergeStands(
                f"{kept} was merged into {kept.merged_with} since then. Undo that first."
            )
        if timezone.now() >= self.last_moment:
            raise MergeStands(
                f"A merge can be undone for {UNDONE_WITHIN.days} days, and these have passed."
            )

    def _move(self, ids: Ids) -> None:
        """Give those rows to the one who stays, and remember them."""
        give(ids, of=self.gone_id, to=self.kept_id, account_id=self.account_id)
        names = {*self.moved, *ids}
        self.moved = {n: [*self.moved.get(n, []), *ids.get(n, [])] for n in sorted(names)}


def refuse_unless_mergeable(kept: Patient, gone: Patient) -> None:
    """Raise NotMergeable where one of the two went already, or the one to stay is archived."""
    if kept.pk == gone.pk:
        raise NotMergeable("Choose two different patients.")
    for one in (kept, gone):
        if one.merged_at:
            raise NotMergeable(
                f"{one} was merged into {one.merged_with} already. Nothing was changed."
            )
    if kept.archived_at:
        raise NotMergeable(f"{kept} is archived. Restore the one that stays first.")
