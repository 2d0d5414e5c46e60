"""The table of what parties did on paper, written down by a caseworker."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned
from dienstweg.cases.party_models import Party


class PaperNote(AuthorityOwned):
    """That something a party did came on paper: when, who wrote it down, and the scan of it.

    ``about_id`` is the task that was answered, the signature that was given or refused, or the file
    that was handed in, which is the scan itself (``file_id``).
    """

    party = models.ForeignKey(Party, on_delete=models.PROTECT, db_index=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, db_index=False)
    what = models.CharField(max_length=12)
    about_id = models.UUIDField()
    came_on = models.DateField()
    file_id = models.UUIDField()
    noted_by = models.UUIDField()
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "about_id"], name="paper_note_once"),
            models.CheckConstraint(
                condition=models.Q(what__in=["answer", "signature", "refusal", "file"]),
                name="paper_note_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.came_on}"
