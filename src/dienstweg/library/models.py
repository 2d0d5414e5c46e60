"""The table of releases. Shared: it holds nothing about people."""

from django.db import models


class Release(models.Model):
    """One immutable version of a blueprint, named by the SHA-256 of its archive (hex)."""

    digest = models.CharField(primary_key=True, max_length=64)
    blueprint_id = models.CharField(max_length=61)
    version = models.CharField(max_length=40)
    archive = models.BinaryField()
    added_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["blueprint_id", "added_at"], name="release_history")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="release_digest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.blueprint_id} {self.version}"
