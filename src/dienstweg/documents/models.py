"""The tables of documents and of papers."""

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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="document_once"),
        ]
        indexes = [
            models.Index(
                fields=["authority", "ordered_at"],
                name="document_ordered",
                condition=models.Q(state="ordered"),
            ),
        ]

    def __str__(self) -> str:
        return self.template
