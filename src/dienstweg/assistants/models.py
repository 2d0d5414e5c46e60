"""The table of drafts."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class Draft(AuthorityOwned):
    """What an applicant has entered and not yet submitted.

    ``sealed`` holds the answers and which save touched which page; ``contact`` how the applicant
    wants to be told of news. Both are sealed under the draft's key, which leaves this row with
    the submission: it is the case's then. While ``handover`` is set, the secret is in the hands of
    a machine that made the draft: whoever opens it first is given another. A draft
    that ``corrects`` a case is sealed under the key of that case. One of an account has its secret
    in ``kept_secret``, sealed under the authority's key, so that the account opens it.
    """

    offer = models.ForeignKey("offers.Offer", on_delete=models.PROTECT, db_index=False)
    digest = models.CharField(max_length=64)
    lang = models.CharField(max_length=8)
    version = models.IntegerField(default=0)
    state = models.CharField(max_length=12, default="open")
    secret_hash = models.BinaryField()
    wrapped_key = models.BinaryField()
    sealed = models.BinaryField()
    contact = models.BinaryField(null=True)
    changed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    kept_days = models.PositiveSmallIntegerField()
    announced_at = models.DateTimeField(null=True)
    handover = models.BooleanField(default=False, db_default=False)
    corrects = models.UUIDField(null=True)
    account_id = models.UUIDField(null=True)
    kept_secret = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "secret_hash"], name="draft_secret"),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "submitted"]), name="draft_state"
            ),
        ]
        indexes = [
            models.Index(
                fields=["corrects"],
                condition=models.Q(corrects__isnull=False),
                name="draft_corrects",
            ),
            models.Index(
                fields=["account_id", "changed_at"],
                condition=models.Q(account_id__isnull=False),
                name="draft_of_account",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
