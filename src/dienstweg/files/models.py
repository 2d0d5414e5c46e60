"""The table of files; their bytes lie encrypted in the file store."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class File(AuthorityOwned):
    """One file of a draft or case (``owner_id``): its name is sealed with the owner's key."""

    owner_id = models.UUIDField()
    name = models.BinaryField()
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["authority", "owner_id"], name="file_owner")]

    def __str__(self) -> str:
        return str(self.id)
