"""The table of documents."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


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
