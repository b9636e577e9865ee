"""Words of records that are there already, for migrations: so that they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

AT_ONCE = 1000


def write_words(
    apps: Any,
    schema_editor: Any,
    record: tuple[str, str],
    words_of: Callable[[Any], Iterable[str]],
) -> None:
    """Add the words of each record, a model by app and name, to those that it has.

    For each account in turn: row-level security shows the tables' owner no more than others.
    """
    alias = schema_editor.connection.alias
    records = apps.get_model(*record).objects.using(alias)
    words = apps.get_model(*record)._meta.get_field("words").related_model
    accounts = apps.get_model("accounts", "Account").objects.using(alias)
    for account_id in accounts.values_list("pk", flat=True):
        _set_account(schema_editor, account_id)
        rows = (
            words(account_id=account_id, record_id=one.pk, word=word)
            for one in records.filter(account_id=account_id)
            for word in sorted(words_of(one))
        )
        words.objects.using(alias).bulk_create(rows, batch_size=AT_ONCE)
    _set_account(schema_editor, "")


def _set_account(schema_editor: Any, account_id: int | str) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL app.account_id = '{account_id}'")
