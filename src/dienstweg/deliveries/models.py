"""The tables of deliveries."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class Connection(AuthorityOwned):
    """An authority's link to a back office; its secrets are sealed with the authority's key.

    ``failures`` in a row, ``failing_since``, ``paused_until`` and ``told`` are its health.
    """

    slug = models.SlugField(max_length=60)
    kind = models.CharField(max_length=60)
    options = models.JSONField(default=dict)
    secrets = models.BinaryField()
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    told = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "slug"], name="connection_slug"),
        ]

    def __str__(self) -> str:
        return self.slug


class Delivery(AuthorityOwned):
    """Something to hand over; ``key`` is the wish of the process that it fulfils, once.

    Its id is the key that the back office knows it by, for ever. ``known`` is what the process
    knew, ``content`` what is sent, the same at every try; both are sealed with the case's key and
    given up once the receipt is there. ``followed`` says that another delivery of the case waits
    behind it.
    """

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    key = models.CharField(max_length=120)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False)
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    mapping = models.CharField(max_length=80)
    known = models.BinaryField()
    content = models.BinaryField(null=True)
    state = models.CharField(max_length=10, default="waiting")
    followed = models.BooleanField(default=False)
    tries = models.PositiveIntegerField(default=0)
    busy_until = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=60, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    proof = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="delivery_once"),
            models.UniqueConstraint(fields=["case", "sequence"], name="delivery_sequence"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "accepted", "refused", "person"]),
                name="delivery_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="accepted") | models.Q(accepted_at__isnull=False),
                name="delivery_receipt",
            ),
        ]
        indexes = [
            models.Index(
                fields=["authority", "connection", "id"],
                name="delivery_unfinished",
                condition=models.Q(state__in=["waiting", "person", "refused"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class DeliveryAttempt(AuthorityOwned):
    """One try that failed: rows are added and never changed. The one that succeeds is the
    delivery's own receipt."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, db_index=False)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    result = models.CharField(max_length=20)
    detail = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["delivery", "id"], name="delivery_attempts")]

    def __str__(self) -> str:
        return f"{self.number} {self.result}"


class Notice(AuthorityOwned):
    """News from a back office about a case, once for each ``foreign_id``.

    ``data`` may tell of people and is sealed with the case's key.
    """

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, db_index=False)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False)
    foreign_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    data = models.BinaryField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "foreign_id"], name="notice_once"),
        ]

    def __str__(self) -> str:
        return self.kind
