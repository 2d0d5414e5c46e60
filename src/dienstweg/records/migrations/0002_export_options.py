"""Archives are read by the manager that all tables have; nothing changes in them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [migrations.AlterModelOptions("export", {})]
