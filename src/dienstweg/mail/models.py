"""The table of outgoing e-mail."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class Mail(AuthorityOwned):
    """One e-mail: ``key`` makes it unique, so that a repeated wish sends it once.

    ``address`` and ``context`` are sealed with the authority's key, and emptied once it is sent.
    """

    key = models.CharField(max_length=200)
    case_id = models.UUIDField(null=True)
    template = models.CharField(max_length=40)
    lang = models.CharField(max_length=10, default="de")
    address = models.BinaryField()
    context = models.BinaryField()
    state = models.CharField(max_length=10, default="waiting")
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "key"], name="mail_once"),
        ]
        indexes = [
            models.Index(
                fields=["authority", "id"],
                name="mail_waiting",
                condition=models.Q(state="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return self.template
