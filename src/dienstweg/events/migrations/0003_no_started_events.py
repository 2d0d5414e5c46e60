"""The queue writes a line for each start and end of a job, which nobody reads: a job lives seconds.

The line for its beginning stays: `dienstweg doctor` tells by it how long the oldest job waits.
"""

from django.db import migrations

_FUNCTION = "procrastinate_trigger_function_status_events_update_v1"
_TRIGGER = "procrastinate_trigger_status_events_update_v1"


class Migration(migrations.Migration):
    """Drop the trigger that writes these lines."""

    dependencies = [
        ("events", "0002_written_once"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        migrations.RunSQL(
            f"DROP TRIGGER {_TRIGGER} ON procrastinate_jobs",
            f"CREATE TRIGGER {_TRIGGER} AFTER UPDATE OF status ON procrastinate_jobs"
            f" FOR EACH ROW EXECUTE PROCEDURE {_FUNCTION}()",
        ),
    ]
