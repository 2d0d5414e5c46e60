"""The authorities of the network. Both tables are shared: they hold nothing about people."""

from django.db import models

from dienstweg.kernel.references import new_id


class Authority(models.Model):
    """A county, a municipality, an association of municipalities, or a municipal company."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=60)
    ars = models.CharField(max_length=12, db_index=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    number_prefix = models.CharField(max_length=3)
    branding = models.JSONField(default=dict)
    contact = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    wrapped_key = models.BinaryField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ars__regex=r"^\d{12}$"), name="ars_digits"),
            models.CheckConstraint(
                condition=models.Q(number_prefix__regex=r"^[A-Z]{1,3}$"), name="number_prefix"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Host(models.Model):
    """A host name under which an authority is reached."""

    name = models.CharField(primary_key=True, max_length=253)
    authority = models.ForeignKey(Authority, on_delete=models.CASCADE, related_name="hosts")

    def __str__(self) -> str:
        return self.name
