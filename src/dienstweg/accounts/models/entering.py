"""What is needed to enter: codes that were mailed, the way to another host, who is signed in."""

from django.db import models

from dienstweg.accounts.models.people import Account


class Proof(models.Model):
    """A code that was mailed to prove an address: for a new account, a new address or password.

    Found by the hash of a secret in the browser that asked for it, so that the code alone opens
    nothing elsewhere. ``sealed`` (under the master key) holds address, code, and the hash of a
    password that was chosen with it.
    """

    token_hash = models.BinaryField(primary_key=True)
    purpose = models.CharField(max_length=8)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, db_index=False)
    sealed = models.BinaryField()
    wrong = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=["new", "address", "password"]),
                name="proof_purpose",
            )
        ]

    def __str__(self) -> str:
        return self.purpose


class Passage(models.Model):
    """The way of somebody signed in to an authority's host: good once, for a minute.

    ``challenge`` binds it to the browser that began there (PKCE, RFC 7636); ``session`` is the
    session at the network's host that it comes from.
    """

    code_hash = models.BinaryField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    authority = models.ForeignKey("authorities.Authority", on_delete=models.CASCADE, db_index=False)
    challenge = models.CharField(max_length=43)
    session = models.CharField(max_length=40)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.authority_id)


class Stay(models.Model):
    """Somebody is signed in at an authority's host; ends with the session it comes from.

    ``token_hash`` stands for the secret in the browser's cookie.
    """

    token_hash = models.BinaryField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    authority = models.ForeignKey("authorities.Authority", on_delete=models.CASCADE, db_index=False)
    session = models.CharField(max_length=40, db_index=True)
    began_at = models.DateTimeField()
    used_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.authority_id)
