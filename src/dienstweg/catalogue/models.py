"""The tables of what an authority lists, and of its streets."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned
from dienstweg.kernel.references import new_id


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


class StreetRegister(AuthorityOwned):
    """An authority's register of streets as a whole: when it was loaded, where its middle is.

    ``edition`` is new with every load, so that what a process remembers of it can be told apart.
    """

    edition = models.UUIDField(default=new_id)
    loaded_at = models.DateTimeField()
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority"], name="one_street_register"),
        ]

    def __str__(self) -> str:
        return str(self.edition)


class Street(AuthorityOwned):
    """A street, or the part of it that has a postcode or district of its own.

    ``key`` is its name folded (`dienstweg.catalogue.streets.folded`), by which it is found.
    """

    name = models.CharField(max_length=120)
    key = models.CharField(max_length=160)
    from_number = models.PositiveSmallIntegerField(null=True)
    to_number = models.PositiveSmallIntegerField(null=True)
    postcode = models.CharField(max_length=5)
    town = models.CharField(max_length=120)
    district = models.CharField(max_length=120, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["authority", "key"],
                name="street_key",
                opclasses=["uuid_ops", "varchar_pattern_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.name
