"""The table of archives that were asked for; the archive itself is a file of the case."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class Export(AuthorityOwned):
    """An archive of a case, made by a worker and kept for a few days; ``key`` is one wish."""

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    key = models.CharField(max_length=120)
    account_id = models.UUIDField()
    state = models.CharField(max_length=10, default="ordered")
    file_id = models.UUIDField(null=True)
    size = models.PositiveIntegerField(default=0)
    ordered_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["authority", "ends_at"], name="export_ends")]
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="export_key"),
            models.CheckConstraint(
                condition=models.Q(state__in=["ordered", "made"]), name="export_state"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
