"""The table of messages."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class Message(AuthorityOwned):
    """What an authority writes to the applicant of a case, once for each ``key``.

    Subject and body are sealed with the case's key. ``provided_at`` and ``first_opened_at`` are
    the proof that section 9 OZG asks of the authority; neither is ever changed. A ``withheld``
    message goes by post alone: number and code are not the sign-in that the law wants for it. One
    with a ``party_id`` is for that party of the case, and the applicant does not see it.
    """

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    key = models.CharField(max_length=120)
    content = models.BinaryField()
    documents = models.JSONField(default=list)
    provided_at = models.DateTimeField()
    first_opened_at = models.DateTimeField(null=True)
    by_post = models.BooleanField(default=False)
    withheld = models.BooleanField(default=False, db_default=False)
    posted_at = models.DateTimeField(null=True)
    posted_by = models.UUIDField(null=True)
    party_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="message_once"),
        ]
        indexes = [
            models.Index(
                fields=["authority", "id"],
                name="message_to_post",
                condition=models.Q(by_post=True, posted_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.key
