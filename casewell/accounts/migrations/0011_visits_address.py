from __future__ import annotations

from django.db import migrations


def refuse_practices_there(apps, schema_editor):
    """Stop where a practice has the address that patients' links need now."""
    owner = schema_editor.connection.alias
    accounts = apps.get_model("accounts", "Account").objects.using(owner).filter(slug="visits")
    for name in accounts.values_list("name", flat=True):
        raise RuntimeError(
            f"The practice “{name}” is at /visits/, where Casewell has pages of its own now. Give "
            f"it another slug, as the database's owner: UPDATE accounts_account SET slug = '…' "
            f"WHERE slug = 'visits';"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_practitioners_online'),
    ]

    operations = [
        migrations.RunPython(refuse_practices_there, migrations.RunPython.noop),
    ]
