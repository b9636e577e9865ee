"""Write the words of the cases that are there already, so that they are found."""

from django.db import migrations

from casewell.lib.words import words_of
from casewell.tenancy import words_written


def write_words(apps, schema_editor):
    words_written.write_words(
        apps,
        schema_editor,
        ("cases", "PatientCase"),
        lambda case: words_of(case.name, case.claim_number),
    )


class Migration(migrations.Migration):

    dependencies = [("cases", "0002_case_words")]

    # Backwards there is nothing to do: the table goes with the migration before.
    operations = [migrations.RunPython(write_words, migrations.RunPython.noop)]
