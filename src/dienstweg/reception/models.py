"""Two small memories: which acts were done already, and how often somebody has guessed."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class Act(AuthorityOwned):
    """An act with an effect outside, by its idempotency key, and the answer that it got."""

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    body_hash = models.BinaryField()
    answer = models.JSONField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "reception_act"
        constraints = [
            models.UniqueConstraint(fields=["authority", "name", "key"], name="reception_act_once")
        ]
        indexes = [models.Index(fields=["made_at"], name="reception_act_made")]


class Guess(models.Model):
    """A token bucket: how many tries are left. Shared: ``subject`` is a keyed hash of whom."""

    subject = models.BinaryField(primary_key=True)
    left = models.FloatField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "reception_guess"
        indexes = [models.Index(fields=["changed_at"], name="reception_guess_changed")]
