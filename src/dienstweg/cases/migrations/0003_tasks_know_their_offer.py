from django.db import migrations

# Row-level security binds the owner of the table too, so that all authorities are named first.
EVERYONE = (
    "SELECT set_config('dw.authorities',"
    " (SELECT array_agg(id)::text FROM authorities_authority), true)"
)
OFFERS = (
    "UPDATE cases_task SET offer_id = cases_case.offer_id"
    " FROM cases_case WHERE cases_case.id = cases_task.case_id"
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_assigned_tasks")]

    operations = [migrations.RunSQL([(EVERYONE, None), (OFFERS, None)], migrations.RunSQL.noop)]
