"""The tables of payments."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class PaymentAccount(AuthorityOwned):
    """An authority's account at a payment platform; its secrets are sealed with its key."""

    slug = models.SlugField(max_length=60)
    kind = models.CharField(max_length=60)
    options = models.JSONField(default=dict)
    secrets = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "slug"], name="payment_account_slug"),
        ]

    def __str__(self) -> str:
        return self.slug


class Payment(AuthorityOwned):
    """Money owed for a case: ``key`` is the wish of the process that it fulfils, once.

    ``attempt`` counts the attempts; ``busy_until`` is the lease of the worker that opens one;
    ``trouble`` is a word of ours or the platform's that a person should know. Without an
    ``account`` it was paid to the authority that had the case before.
    """

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    key = models.CharField(max_length=120)
    account = models.ForeignKey(PaymentAccount, null=True, on_delete=models.PROTECT, db_index=False)
    amount = models.PositiveIntegerField()
    purpose = models.CharField(max_length=60)
    items = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="due")
    attempt = models.PositiveSmallIntegerField(default=1)
    tries = models.PositiveIntegerField(default=0)
    busy_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()

    @property
    def payee(self) -> PaymentAccount:
        """Return the account that it is paid to, which all have that are not yet paid."""
        if self.account is None:
            raise ValueError("paid to the authority that had the case before")
        return self.account

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="payment_once"),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["due", "open", "paid", "failed", "cancelled", "withdrawn"]
                ),
                name="payment_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["authority", "created_at"],
                name="payment_unsettled",
                condition=models.Q(state__in=["due", "open"]) | ~models.Q(trouble=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class Refund(AuthorityOwned):
    """Money that goes back: ``key`` is the wish of the process that it fulfils, once.

    ``amount`` in cents; ``payment`` is missing where there was none to give back. A person carries
    it out.
    """

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT)
    key = models.CharField(max_length=120)
    amount = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="open")
    ordered_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="refund_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "done", "withdrawn"]), name="refund_state"
            ),
        ]
        indexes = [
            models.Index(
                fields=["authority", "id"],
                name="refund_to_do",
                condition=models.Q(state="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class PaymentAttempt(AuthorityOwned):
    """One transaction at the platform; rows are added, and only follow the platform's word."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, db_index=False)
    number = models.PositiveSmallIntegerField()
    request_id = models.CharField(max_length=36, unique=True)
    transaction_id = models.CharField(max_length=64, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, default="new")
    pay_url = models.CharField(max_length=2082, blank=True)
    method = models.CharField(max_length=40, blank=True)
    asked = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "number"], name="payment_attempt_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=["new", "open", "paid", "failed", "cancelled"]),
                name="payment_attempt_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.state}"
