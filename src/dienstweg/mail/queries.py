"""Reads: how outgoing e-mail stands."""

from dienstweg.mail.models import Mail


def waiting() -> int:
    """Return how many e-mails of the scope are still to be sent."""
    return Mail.objects.filter(state="waiting").count()
