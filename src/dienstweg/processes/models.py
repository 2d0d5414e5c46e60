"""The table of running processes."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class Conduct(AuthorityOwned):
    """The state of one case's process; its id is the case's.

    ``state`` is sealed with the case's key, and carries the versions of the engine and of the
    format inside, since it is kept for years. ``waiting`` lists the keys it waits for.
    """

    state = models.BinaryField()
    waiting = models.JSONField(default=list)
    finished = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["authority", "changed_at"],
                name="conduct_running",
                condition=models.Q(finished=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
