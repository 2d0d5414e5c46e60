"""Accounts of people, and what they may do at authorities: shared tables."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from dienstweg.accounts.models.sealed import SealedAddress
from dienstweg.kernel.references import new_id


class AccountManager(BaseUserManager["Account"]):
    """Finds an account by its e-mail address, however it is written."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account that signs in as ``username``."""
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """A person who signs in with e-mail (kept in small letters) and password.

    ``email`` is encrypted; ``display_name`` is the name under which colleagues know one of the
    staff, and empty for applicants. What applicants say of themselves stands in ``profile``, sealed
    under the account's own key.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = SealedAddress(db_column="address", unique=True, null=True)
    display_name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    wrapped_key = models.BinaryField(null=True)
    profile = models.BinaryField(null=True)
    lang = models.CharField(max_length=10, default="de", db_default="de")
    made_at = models.DateTimeField(null=True)

    objects = AccountManager()

    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.display_name


class Membership(models.Model):
    """The role of an account at an authority, such as ``sachbearbeitung`` or ``leitung``."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    authority = models.ForeignKey("authorities.Authority", on_delete=models.CASCADE)
    role = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "authority", "role"], name="membership_once")
        ]

    def __str__(self) -> str:
        return self.role
