"""Write the email addresses of those that are there already as words, so that they are found."""

from django.db import migrations

from casewell.lib.words import as_one_word
from casewell.tenancy.words_written import write_words


def write_addresses(apps, schema_editor):
    write_words(apps, schema_editor, ("contacts", "Contact"), lambda one: as_one_word(one.email))


class Migration(migrations.Migration):

    dependencies = [("contacts", "0002_found_by_time")]

    # Backwards there is nothing to do: a word more does no harm.
    operations = [migrations.RunPython(write_addresses, migrations.RunPython.noop)]
