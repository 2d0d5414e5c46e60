"""What came on paper is read by the manager that all tables have; nothing changes in the table."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_tasks_of_parties")]

    operations = [migrations.AlterModelOptions("papernote", {})]
