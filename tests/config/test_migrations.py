from __future__ import annotations

from io import StringIO

from django.core.management import call_command


def test_the_migrations_say_what_the_models_say(db: None) -> None:
    said = StringIO()
    call_command("makemigrations", check_changes=True, dry_run=True, stdout=said)
    assert said.getvalue() == "No changes detected\n"
