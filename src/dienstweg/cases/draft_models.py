"""The table of what caseworkers have written for decisions and not sent, sealed under the case's
key."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class TaskDraft(AuthorityOwned):
    """What one person has written for the decision of a task; gone with the decision.

    ``version`` counts what was kept, so that a second window of the same person is noticed. Without
    ``sealed`` it was discarded: the row stays for the count.
    """

    task = models.ForeignKey("cases.Task", on_delete=models.PROTECT, db_index=False)
    account_id = models.UUIDField()
    version = models.PositiveIntegerField(default=0)
    kept_at = models.DateTimeField()
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "account_id"], name="task_draft_once"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.version}"
