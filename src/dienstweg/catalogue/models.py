"""The table of what an authority lists."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class Listing(AuthorityOwned):
    """One online service in the catalogue, with its public words by language.

    ``offer_id`` names a row of a room above, so it is no foreign key.
    """

    offer_id = models.UUIDField()
    slug = models.SlugField(max_length=61)
    subject = models.CharField(max_length=60)
    titles = models.JSONField(default=dict)
    summaries = models.JSONField(default=dict)
    keywords = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "offer_id"], name="listing_offer"),
        ]

    def __str__(self) -> str:
        return self.slug
