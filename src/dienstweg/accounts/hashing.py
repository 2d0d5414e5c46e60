"""How the demo keeps passwords that everybody can read in its network file."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class DemoHasher(PBKDF2PasswordHasher):
    """Django's own hashing with few rounds: real ones would take a demo ten seconds to begin.

    In real operation Django's rounds count; a password of a demo is hashed anew there when somebody
    signs in with it.
    """

    iterations = 1_000
