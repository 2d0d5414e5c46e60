"""From the network's host, where people sign in, to an authority's: a passage, then a stay.

The same properties as the authorization code of OpenID Connect with PKCE: the code is good once,
for a minute, for one authority, and only in the browser that knows the verifier of its challenge.
Code and redemption meet in the same database, so that no request goes from us to ourselves.
"""

import base64
import hashlib
import hmac
import secrets
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction

from dienstweg.accounts import rules
from dienstweg.accounts.actions.proving import token_hash
from dienstweg.accounts.errors import NoPassage
from dienstweg.accounts.models import Passage, Proof, Stay
from dienstweg.kernel import clock


def challenge_of(verifier: str) -> str:
    """Return the challenge of a verifier: ``S256`` of RFC 7636, section 4.2."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def open_passage(*, account_id: UUID, authority_id: UUID, challenge: str, session: str) -> str:
    """Return the code by which somebody signed in enters an authority's host."""
    code = secrets.token_urlsafe(32)
    Passage.objects.create(
        code_hash=token_hash(code),
        account_id=account_id,
        authority_id=authority_id,
        challenge=challenge,
        session=session,
        expires_at=clock.now() + rules.PASSAGE_LASTS,
    )
    return code


def enter(*, code: str, verifier: str, authority_id: UUID) -> str:
    """Use a passage up and let its owner stay; return the secret for the cookie.

    Raises `NoPassage` for one that was used, is too old, is for another authority, or began in
    another browser; it is used up all the same.
    """
    now = clock.now()
    with transaction.atomic():
        rows = Passage.objects.select_for_update().filter(code_hash=token_hash(code))
        passage = rows.first()
        rows.delete()
    fits = (
        passage is not None
        and passage.authority_id == authority_id
        and passage.expires_at > now
        and hmac.compare_digest(passage.challenge, challenge_of(verifier))
    )
    if passage is None or not fits:
        raise NoPassage
    token = secrets.token_urlsafe(32)
    Stay.objects.create(
        token_hash=token_hash(token),
        account_id=passage.account_id,
        authority_id=authority_id,
        session=passage.session,
        began_at=now,
        used_at=now,
    )
    return token


def go_on(*, token: str) -> None:
    """Note that somebody is using their stay."""
    Stay.objects.filter(token_hash=token_hash(token)).update(used_at=clock.now())


def leave(*, token: str) -> None:
    """Sign somebody out here, at the network's host, and wherever they went from there."""
    stay = Stay.objects.filter(token_hash=token_hash(token)).first()
    if stay is not None:
        SessionStore(stay.session).delete()
        end_stays(session=stay.session)


def end_stays(*, session: str) -> None:
    """Sign somebody out of all hosts that they went to from a session at the network's host."""
    Passage.objects.filter(session=session).delete()
    Stay.objects.filter(session=session).delete()


def sweep() -> int:
    """Delete what nobody can use any more; return how much that was."""
    now = clock.now()
    proofs, _ = Proof.objects.filter(expires_at__lte=now).delete()
    passages, _ = Passage.objects.filter(expires_at__lte=now).delete()
    stays, _ = Stay.objects.filter(began_at__lte=now - rules.TOTAL).delete()
    sessions, _ = Session.objects.filter(expire_date__lte=now).delete()
    return proofs + passages + stays + sessions
