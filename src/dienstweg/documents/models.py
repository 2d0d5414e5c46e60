"""The tables of documents, of what is printed for a short time, and of seals."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class Paper(AuthorityOwned):
    """An assistant printed to be filled in by hand, for a short time.

    ``key`` says what it shows (a hash), so that the same is printed once. ``order`` (what is to be
    typeset, emptied then) and ``content`` (the PDF) are sealed with the authority's key.
    ``draft_id`` is the draft whose answers stand on it; None for an empty one.
    """

    key = models.CharField(max_length=64)
    draft_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, default="ordered")
    order = models.BinaryField()
    content = models.BinaryField(default=b"")
    ordered_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "key"], name="paper_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["ordered", "written", "failed"]), name="paper_state"
            ),
        ]
        indexes = [models.Index(fields=["authority", "ends_at"], name="paper_ends")]

    def __str__(self) -> str:
        return str(self.id)


class Document(AuthorityOwned):
    """A PDF of a case: ``key`` is the wish of the process that it fulfils, once.

    ``data`` (what the process knew when it wanted the document) is sealed with the case's key.
    ``code`` stands on the paper and ``sha256`` is that of the file as it went out, so that anybody
    can verify it. ``seal_failed_at`` says since when it waits for the authority's seal.
    """

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    key = models.CharField(max_length=120)
    template = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default="ordered")
    data = models.BinaryField()
    file_id = models.UUIDField(null=True)
    size = models.PositiveIntegerField(default=0)
    ordered_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=24, blank=True, default="", db_default="")
    sha256 = models.BinaryField(null=True)
    sealed_at = models.DateTimeField(null=True)
    seal_failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="document_once"),
            models.UniqueConstraint(
                fields=["authority", "code"],
                condition=~models.Q(code=""),
                name="document_code",
            ),
        ]
        indexes = [
            models.Index(
                fields=["authority", "sha256"],
                name="document_sha256",
                condition=models.Q(sha256__isnull=False),
            ),
            models.Index(
                fields=["authority", "ordered_at"],
                name="document_ordered",
                condition=models.Q(state="ordered"),
            ),
        ]

    def __str__(self) -> str:
        return self.template


class Preview(AuthorityOwned):
    """What a document would look like, for one caseworker and a short time.

    ``order`` (what the process would know, emptied then) and ``content`` (the PDF) are sealed with
    the case's key.
    """

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    account_id = models.UUIDField()
    template = models.CharField(max_length=60)
    state = models.CharField(max_length=10, default="ordered")
    order = models.BinaryField()
    content = models.BinaryField(default=b"")
    ordered_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["ordered", "written", "failed"]),
                name="preview_state",
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "ends_at"], name="preview_ends"),
            models.Index(fields=["case", "account_id"], name="preview_of_case"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Seal(AuthorityOwned):
    """An authority's electronic seal: which plug-in makes it, and of what.

    ``secrets`` is sealed with the authority's key.
    """

    kind = models.CharField(max_length=60)
    options = models.JSONField(default=dict)
    secrets = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority"], name="seal_of_authority"),
        ]

    def __str__(self) -> str:
        return self.kind
