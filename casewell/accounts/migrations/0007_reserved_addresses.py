from __future__ import annotations

from django.db import migrations

RESERVED = ("integrators", ".well-known")


def refuse_practices_there(apps, schema_editor):
    """Stop where a practice has an address that pages of Casewell need now."""
    owner = schema_editor.connection.alias
    accounts = apps.get_model("accounts", "Account").objects.using(owner).filter(slug__in=RESERVED)
    for name, slug in accounts.values_list("name", "slug"):
        raise RuntimeError(
            f"The practice “{name}” is at /{slug}/, where Casewell has pages of its own now. Give "
            f"it another slug, as the database's owner: UPDATE accounts_account SET slug = '…' "
            f"WHERE slug = '{slug}';"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_reminded_on'),
    ]

    operations = [
        migrations.RunPython(refuse_practices_there, migrations.RunPython.noop),
    ]
