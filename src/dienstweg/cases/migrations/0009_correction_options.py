"""Corrections and notes are read by the manager that all tables have; nothing changes in them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_handing_over")]

    operations = [
        migrations.AlterModelOptions("correction", {}),
        migrations.AlterModelOptions("note", {}),
    ]
