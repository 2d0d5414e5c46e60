"""The tables of what happened and of what falls due."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned
from dienstweg.kernel.references import new_id


class Event(AuthorityOwned):
    """A fact about a case, or about an authority's own affairs: written once, never changed.

    ``data`` holds ids and words of our own, never anything that an applicant wrote.
    """

    case_id = models.UUIDField(null=True)
    name = models.CharField(max_length=80)
    happened_at = models.DateTimeField()
    actor = models.CharField(max_length=80, default="system")
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["authority", "case_id", "id"], name="event_timeline"),
        ]

    def __str__(self) -> str:
        return self.name


class Due(models.Model):
    """A job that is to be done at a time: taken by the ticker, never by the queue's schedule.

    ``args`` are the arguments of a failed job that is to be tried again; without them the job is
    called with the object's id and the key. Shared, since the ticker serves every authority: the
    row holds ids alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    due_at = models.DateTimeField(db_index=True)
    job = models.CharField(max_length=80)
    authority = models.ForeignKey(
        "authorities.Authority", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    object_id = models.UUIDField()
    key = models.CharField(max_length=120, blank=True)
    args = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["object_id", "job", "key"], name="due_once"),
        ]

    def __str__(self) -> str:
        return self.job


class Beat(models.Model):
    """The last sign of life of a worker, for ``dienstweg doctor``. Shared."""

    worker = models.CharField(primary_key=True, max_length=80)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker
