"""The tables of parties and their signatures. What is said of people is sealed under the case's
key; a code is kept as a hash alone."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class Party(AuthorityOwned):
    """Somebody with a role in a case: ``key`` says once for the case who is meant.

    ``number`` names the invitation (it is in the link and says nothing of anybody), the code opens
    it; ``sealed`` holds name, address and e-mail. ``code_of`` is the party under whose id the hash
    of the code was made, where the case came from another authority. ``moved_to`` is the number
    under which it goes on there. ``news_since`` is since when a further letter is to be posted,
    ``not_meant_since`` since when it is known that the invitation has reached somebody else.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, db_index=False)
    key = models.CharField(max_length=120)
    role = models.CharField(max_length=80)
    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=12, default="invited")
    sealed = models.BinaryField(null=True)
    code_hash = models.BinaryField(null=True)
    code_of = models.UUIDField(null=True)
    code_made_at = models.DateTimeField(null=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    wrong_since = models.DateTimeField(null=True)
    by_post = models.BooleanField(default=False)
    posted_at = models.DateTimeField(null=True)
    posted_by = models.UUIDField(null=True)
    news_since = models.DateTimeField(null=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(null=True)
    account_id = models.UUIDField(null=True)
    proven_by = models.UUIDField(null=True)
    moved_to = models.CharField(max_length=24, blank=True, default="", db_default="")
    not_meant_since = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="party_of_case"),
            models.Index(
                fields=["authority", "due_at", "id"],
                condition=models.Q(state__in=["invited", "joined"]),
                name="party_falling_due",
            ),
            models.Index(
                fields=["authority", "id"],
                name="party_to_post",
                condition=models.Q(by_post=True, posted_at=None),
            ),
            models.Index(
                fields=["account_id"],
                condition=models.Q(account_id__isnull=False),
                name="party_of_account",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="party_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["invited", "joined", "done", "declined", "removed"]),
                name="party_state",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PartyVisit(AuthorityOwned):
    """When a party looked at what or did something; a trigger refuses every change."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, db_index=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField()
    purpose = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="party_visit_of_case")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.at}"


class Proof(AuthorityOwned):
    """A file that a party handed in; ``file_id`` is the file's, which belongs to the case."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, db_index=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, db_index=False)
    file_id = models.UUIDField()
    handed_in_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "file_id"], name="proof_once"),
        ]

    def __str__(self) -> str:
        return str(self.file_id)


class Signing(AuthorityOwned):
    """What a process wants signed, once for each ``key``: ``roles`` in the order of signing."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, db_index=False)
    key = models.CharField(max_length=120)
    roles = models.JSONField(default=list)
    order = models.CharField(max_length=12, default="parallel")
    state = models.CharField(max_length=12, default="open")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="signing_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "signed", "declined", "withdrawn"]),
                name="signing_state",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Signature(AuthorityOwned):
    """One party's signature under one version of the application.

    ``sha256`` is that of the version's data. A version that follows makes the signature void; the
    row stays, and another asks for the new one. ``sealed`` holds the name under which was signed,
    or why not.
    """

    signing = models.ForeignKey(Signing, on_delete=models.PROTECT, db_index=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, db_index=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, db_index=False)
    position = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    sha256 = models.BinaryField()
    state = models.CharField(max_length=12, default="waiting")
    asked_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="signature_of_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["signing", "party", "version"], name="signature_of_version"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["waiting", "asked", "signed", "declined", "void", "withdrawn"]
                ),
                name="signature_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.version}"
