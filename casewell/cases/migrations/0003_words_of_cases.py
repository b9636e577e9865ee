"""Write the words of the cases that are there already, so that they are found."""

from django.db import migrations

from casewell.lib.words import words_of

AT_ONCE = 1000


def write_words(apps, schema_editor):
    """For each account in turn: row-level security shows the tables' owner no more than others."""
    alias = schema_editor.connection.alias
    case_model = apps.get_model("cases", "PatientCase")
    word_model = apps.get_model("cases", "CaseWord")
    accounts = apps.get_model("accounts", "Account").objects.using(alias)
    for account_id in accounts.values_list("pk", flat=True):
        _set_account(schema_editor, account_id)
        cases = case_model.objects.using(alias).filter(account_id=account_id)
        words = (
            word_model(account_id=account_id, record_id=case.pk, word=word)
            for case in cases.only("pk", "name", "claim_number")
            for word in sorted(words_of(case.name, case.claim_number))
        )
        word_model.objects.using(alias).bulk_create(words, batch_size=AT_ONCE)
    _set_account(schema_editor, "")


def _set_account(schema_editor, account_id):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL app.account_id = '{account_id}'")


class Migration(migrations.Migration):

    dependencies = [("cases", "0002_case_words")]

    # Backwards there is nothing to do: the table goes with the migration before.
    operations = [migrations.RunPython(write_words, migrations.RunPython.noop)]
