"""Give the practices that are there the ways to pay with which new ones start."""

from django.db import migrations

AT_FIRST = (
    "Cash",
    "EFTPOS",
    "Health fund terminal",
    "Medicare",
    "DVA",
    "Direct deposit",
    "Other",
)


def add_payment_types(apps, schema_editor):
    """For each account in turn: row-level security shows the tables' owner no more than others."""
    alias = schema_editor.connection.alias
    payment_type = apps.get_model("invoices", "PaymentType")
    accounts = apps.get_model("accounts", "Account").objects.using(alias)
    for account_id in accounts.values_list("pk", flat=True):
        _set_account(schema_editor, account_id)
        payment_type.objects.using(alias).bulk_create(
            payment_type(account_id=account_id, name=name) for name in AT_FIRST
        )
    _set_account(schema_editor, "")


def _set_account(schema_editor, account_id):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL app.account_id = '{account_id}'")


class Migration(migrations.Migration):

    dependencies = [("invoices", "0001_initial")]

    # Backwards there is nothing to do: the table goes with the migration before.
    operations = [migrations.RunPython(add_payment_types, migrations.RunPython.noop)]
