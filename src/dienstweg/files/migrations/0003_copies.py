"""A file may be the copy of one at another authority, whose id it answers to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("files", "0002_scanned_and_in_pieces")]

    operations = [
        migrations.AddField(
            model_name="file",
            name="copy_of",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(
                fields=["authority", "copy_of"],
                name="file_copy",
                condition=models.Q(copy_of__isnull=False),
            ),
        ),
    ]
