"""What we know of a request once the reception has seen it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest

from dienstweg.accounts.queries import SignedIn
from dienstweg.authorities import queries as authorities
from dienstweg.authorities.queries import AuthorityCard
from dienstweg.design.frame import Look
from dienstweg.kernel import language
from dienstweg.reception.language import LANGUAGES


@dataclass(slots=True)
class Visit:
    """One request: at whose door, in which language; ``reference`` names it in our log.

    ``wishes`` are the languages the visitor would like, ``languages`` those that this page has.
    ``signed_in`` is set by `dienstweg.reception.staying.who`, for pages that ask. ``session`` is
    set by a surface: how long what the page shows stays open; its ``template`` says so below it.
    """

    authority: AuthorityCard | None
    lang: str = LANGUAGES[0]
    wishes: tuple[str, ...] = ()
    languages: tuple[str, ...] = LANGUAGES
    signed_in: SignedIn | None = None
    session: Any = None
    reference: str = field(default_factory=lambda: secrets.token_hex(4).upper())

    @property
    def look(self) -> Look:
        """How the pages of this visit look."""
        return look_of(self.authority) if self.authority else network_look()

    @property
    def at(self) -> AuthorityCard:
        """Return the authority; only where there is one for sure (an authority's host)."""
        assert self.authority is not None, "this view stands on authorities' hosts only"
        return self.authority


def of(request: HttpRequest) -> Visit:
    """Return the visit of a request that came through the reception."""
    visit = getattr(request, "visit", None)
    if isinstance(visit, Visit):
        return visit
    visit = Visit(authority=None)
    request.visit = visit  # type: ignore[attr-defined]  # the reception's own attribute
    return visit


def speak(request: HttpRequest, languages: Sequence[str]) -> str:
    """Say which languages a service has besides ours; return the one this visit is in from now on.

    To be called before anything is said: a service may bring a language of its own.
    """
    visit = of(request)
    visit.languages = tuple(dict.fromkeys((*LANGUAGES, *languages)))
    visit.lang = language.first(visit.wishes, visit.languages)
    return visit.lang


def host_of(request: HttpRequest) -> str:
    """Return the host without its port; never raises, since any host gets a page."""
    raw = str(request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", ""))
    return raw.rsplit(":", 1)[0].lower().rstrip(".") if not raw.endswith("]") else raw.lower()


@lru_cache(maxsize=512)
def look_of(card: AuthorityCard) -> Look:
    """Return how an authority's pages look."""
    return Look(
        name=card.name,
        short_name=card.short_name,
        accent=card.accent,
        phone=card.phone,
        email=card.email,
        address=card.address,
        opening_hours=card.opening_hours,
    )


def network_look() -> Look:
    """Return the look of the host that all authorities share.

    Imprint, privacy and help are those of the authority at the top of the tree, which runs it.
    """
    try:
        top = next(iter(authorities.all_cards()), None)
    except DatabaseError:
        top = None  # the page that says so must not fail itself
    base = address_of(top.host, "") if top else ""
    return Look(name="Dienstweg", short_name="Dienstweg", accent="#1a3da5", legal_base=base)


def address_of(host: str, path: str = "/") -> str:
    """Return the public address of ``path`` at ``host``: scheme and port come from the settings."""
    port = str(settings.DIENSTWEG_PUBLIC_PORT)
    netloc = f"{host}:{port}" if port else host
    return f"{settings.DIENSTWEG_PUBLIC_SCHEME}://{netloc}{path}"


def is_local_path(target: str) -> bool:
    """Tell whether a redirect to ``target`` stays on this host (no open redirect)."""
    if not target.startswith("/") or target.startswith(("//", "/\\")):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc and "\\" not in target


def client_address(request: HttpRequest) -> str:
    """Return the address that the request comes from, past the proxies that we run ourselves.

    ``DIENSTWEG_PROXIES`` says how many there are; what a client writes into the header further
    left is not believed.
    """
    proxies = settings.DIENSTWEG_PROXIES
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if proxies <= 0:
        return direct
    chain = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
    return chain[-proxies] if len(chain) >= proxies and chain[-proxies] else direct
