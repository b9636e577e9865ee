"""Each visit says its start itself, and a key of the database holds it equal to its booking's."""

from django.db import migrations, models

# Checked at the end of a transaction: a booking that moves takes its visits with it in a second
# statement.
KEY = """
    ALTER TABLE appointments_attendee ADD CONSTRAINT starts_with_its_booking
    FOREIGN KEY (account_id, booking_id, starts_at)
    REFERENCES appointments_booking (account_id, id, starts_at) ON DELETE CASCADE
    DEFERRABLE INITIALLY DEFERRED
"""
NO_KEY = "ALTER TABLE appointments_attendee DROP CONSTRAINT starts_with_its_booking"
FILL = """
    UPDATE appointments_attendee SET starts_at = booking.starts_at
    FROM appointments_booking booking
    WHERE booking.account_id = appointments_attendee.account_id
    AND booking.id = appointments_attendee.booking_id
"""


def fill(apps, schema_editor):
    """For each account in turn: row-level security shows the tables' owner no more than others."""
    accounts = apps.get_model("accounts", "Account").objects.using(schema_editor.connection.alias)
    keys = list(accounts.values_list("pk", flat=True))
    with schema_editor.connection.cursor() as cursor:
        for account_id in [*keys, ""]:
            cursor.execute(f"SET LOCAL app.account_id = '{account_id}'")
            if account_id:
                cursor.execute(FILL)


class Migration(migrations.Migration):

    dependencies = [("appointments", "0011_calendar_feeds")]

    operations = [
        migrations.AddField(
            "attendee", "starts_at", models.DateTimeField(editable=False, null=True)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("attendee", "starts_at", models.DateTimeField(editable=False)),
        migrations.AddConstraint(
            "booking",
            models.UniqueConstraint(
                fields=("account", "id", "starts_at"), name="start_of_booking"
            ),
        ),
        migrations.RunSQL(KEY, NO_KEY),
    ]
