"""The tables of files and uploads; their bytes lie encrypted in the file store."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class File(AuthorityOwned):
    """One file of a draft or case (``owner_id``): its name is sealed with the owner's key.

    While it is ``waiting`` for the virus scan, ``wrapped_key`` is the owner's key, wrapped by the
    authority's: a worker has to read it. ``finding`` is what the scanner calls what it found.
    A copy of a file of another authority answers to that one's id, ``copy_of``.
    """

    owner_id = models.UUIDField()
    name = models.BinaryField()
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="ready", db_default="ready")
    wrapped_key = models.BinaryField(null=True)
    finding = models.CharField(max_length=120, blank=True, default="", db_default="")
    copy_of = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["authority", "owner_id"], name="file_owner"),
            models.Index(
                fields=["authority", "id"],
                name="file_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(
                fields=["authority", "copy_of"],
                name="file_copy",
                condition=models.Q(copy_of__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "ready", "refused"]), name="file_state"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Upload(AuthorityOwned):
    """What has come so far of a file that arrives in pieces; it becomes the file of the same id.

    ``place`` is a word of the room above (which field the file answers), ``pieces`` are the ids of
    stored bytes and their lengths, in order. When it is ``done`` there is the file.
    """

    owner_id = models.UUIDField()
    place = models.CharField(max_length=300)
    name = models.BinaryField()
    length = models.PositiveIntegerField()
    offset = models.PositiveIntegerField(default=0)
    pieces = models.JSONField(default=list)
    done = models.BooleanField(default=False)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["authority", "owner_id"], name="upload_owner"),
            models.Index(fields=["authority", "expires_at"], name="upload_expires"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(offset__lte=models.F("length")), name="upload_offset"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
