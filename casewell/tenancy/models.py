"""The abstract tenant model: rows that belong to one account, and cannot be met without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models, router

from casewell.tenancy.fields import AccountField, IdField, in_scope
from casewell.tenancy.scope import account_id_in_scope

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

ModelT = TypeVar("ModelT", bound=models.Model, covariant=True)


class TenantQuerySet(models.QuerySet[ModelT]):
    """A queryset whose UPDATE and DELETE carry the account on the outer statement too."""

    def update(self, **values: Any) -> int:
        return models.QuerySet.update(self._on_one_table(), **values)

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete in one statement; the database's own ON DELETE does the cascading."""
        rows = self._on_one_table()._chain()  # type: ignore[attr-defined]
        rows.query.clear_ordering(force=True)
        deleted = rows._raw_delete(rows.db)
        self._result_cache = None
        return deleted, {self.model._meta.label: deleted}

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _on_one_table(self) -> Self:
        """Re-root an update over joins, which Django compiles to `WHERE id IN (…)` alone."""
        if self.query.count_active_tables() <= 1 and not self.query.is_sliced:
            return self
        everything = self.model._base_manager.using(self.db).all()
        return everything.filter(pk__in=self.order_by().values("pk"))  # type: ignore[return-value]


class TenantManager(models.Manager[ModelT]):
    """Adds the account in scope to every query, when its SQL is compiled."""

    _queryset_class = TenantQuerySet

    def get_queryset(self) -> models.QuerySet[ModelT]:
        return super().get_queryset().filter(in_scope())


class TenantModel(models.Model):
    """A row of one account. Each model names its place there: `AccountField(related_name=…)`."""

    id = IdField(primary_key=True)
    account = AccountField(related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args and "account" not in kwargs and "account_id" not in kwargs:
            kwargs["account_id"] = account_id_in_scope()
        super().__init__(*args, **kwargs)

    def _do_update(
        self,
        base_qs: models.QuerySet[Self],
        using: str | None,
        pk_val: Any,
        values: Collection[tuple[models.Field[Any, Any], type[models.Model] | None, Any]],
        update_fields: Iterable[str] | None,
        forced_update: bool,
    ) -> bool:
        """Name the account beside the id, and never change it."""
        kept = [value for value in values if value[0].name != "account"]
        ours = base_qs.filter(account_id=self.account_id)
        return super()._do_update(ours, using, pk_val, kept, update_fields, forced_update)

    def delete(
        self, using: str | None = None, keep_parents: bool = False
    ) -> tuple[int, dict[str, int]]:
        using = using or router.db_for_write(type(self), instance=self)
        ours = type(self)._base_manager.using(using).filter(account_id=self.account_id, pk=self.pk)
        return ours.delete()
