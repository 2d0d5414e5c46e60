"""The tables of online services."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class Offer(AuthorityOwned):
    """One online service of an authority; ``digest`` pins what is live now."""

    slug = models.SlugField(max_length=61)
    digest = models.CharField(max_length=64)
    title = models.CharField(max_length=300)
    settings = models.JSONField(default=dict)
    draft_days = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, default="live")
    went_live_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "slug"], name="offer_slug"),
            models.CheckConstraint(
                condition=models.Q(state__in=["live", "withdrawn"]), name="offer_state"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class Pin(AuthorityOwned):
    """What a digest stands for at an authority: a release of the library and its overlay.

    What it stands for is written once, and kept for as long as any case may ask for it. A release
    in which something is wrong is withdrawn; ``withdrawn_why`` is told to whoever has a draft.
    """

    digest = models.CharField(max_length=64)
    release = models.ForeignKey(
        "library.Release", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    overlay = models.JSONField(null=True)
    pinned_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=500, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "digest"], name="pin_digest"),
        ]

    def __str__(self) -> str:
        return self.digest
