"""Accounts and memberships: shared tables, read before there is a scope."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from dienstweg.kernel.references import new_id


class AccountManager(BaseUserManager["Account"]):
    """Finds an account by its e-mail address, however it is written."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account that signs in as ``username``."""
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """A person who signs in with e-mail (kept in small letters) and password."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    display_name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)

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
