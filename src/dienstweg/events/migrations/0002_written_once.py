"""The timeline is append-only: nobody changes or deletes an event, whatever a query says."""

from django.db import migrations

WRITTEN_ONCE = """
CREATE FUNCTION events_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [
        migrations.RunSQL([(WRITTEN_ONCE, None)], "DROP FUNCTION events_written_once()"),
        migrations.RunSQL(
            'CREATE TRIGGER "written_once" BEFORE UPDATE OR DELETE ON "events_event"'
            " FOR EACH ROW EXECUTE FUNCTION events_written_once()",
            'DROP TRIGGER "written_once" ON "events_event"',
        ),
    ]
