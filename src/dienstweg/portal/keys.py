"""What an applicant's browser may open: signed cookies.

``dw_antrag`` holds the drafts of this device with their secrets; ``dw_antrag_kurz`` those on a
device that others use too, for half an hour since they were last looked at, and until the browser
is closed; ``dw_vorgang`` the cases that were opened by number and code, for an hour since they were
last looked at and twelve hours in all (TR-03160-1, level "niedrig"; TR-03172-3, A3.11.09);
``dw_beteiligt`` the invitations that a party has opened, for as long.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from dienstweg.kernel import clock

DRAFTS, SHARED, CASES = "dw_antrag", "dw_antrag_kurz", "dw_vorgang"
PARTIES = "dw_beteiligt"
MOST = 8
"""Drafts or cases that a browser keeps at once; the oldest is dropped."""
DRAFTS_KEPT = timedelta(days=366)
"""As long as any draft lives; each saved page begins it anew."""
SHARED_IDLE = timedelta(minutes=30)
IDLE = timedelta(hours=1)
TOTAL = timedelta(hours=12)


def drafts(request: HttpRequest) -> dict[UUID, str]:
    """Return the drafts that this browser holds, with their secrets; empty if forged."""
    return {**_own(request), **{key: secret for key, (secret, _) in _shared(request).items()}}


def is_shared(request: HttpRequest, draft_id: UUID) -> bool:
    """Tell whether the draft was opened on a device that others use too."""
    return draft_id in _shared(request)


def add_draft(
    request: HttpRequest,
    response: HttpResponse,
    draft_id: UUID,
    secret: str,
    *,
    shared: bool = False,
) -> HttpResponse:
    """Let this browser keep a draft; for half an hour on a device that is ``shared``."""
    if shared or is_shared(request, draft_id):
        now = clock.now().timestamp()
        brief: dict[str, object] = {str(key): list(kept) for key, kept in _shared(request).items()}
        brief.pop(str(draft_id), None)
        brief[str(draft_id)] = [secret, now]
        return _write(response, SHARED, brief, None)
    kept = {str(key): value for key, value in _own(request).items() if key != draft_id}
    kept[str(draft_id)] = secret
    return _write(response, DRAFTS, kept, DRAFTS_KEPT)


def renew_draft(request: HttpRequest, response: HttpResponse, draft_id: UUID) -> HttpResponse:
    """Let this browser keep a draft that it holds from now on again, unless that is written."""
    secret = drafts(request).get(draft_id)
    if secret is None or {DRAFTS, SHARED} & response.cookies.keys():
        return response
    return add_draft(request, response, draft_id, secret)


def drop_draft(request: HttpRequest, response: HttpResponse, draft_id: UUID) -> HttpResponse:
    """Let this browser forget a draft."""
    if is_shared(request, draft_id):
        brief = {str(key): list(kept) for key, kept in _shared(request).items() if key != draft_id}
        _write(response, SHARED, brief, None)
    if draft_id not in _own(request):
        return response
    kept = {str(key): value for key, value in _own(request).items() if key != draft_id}
    return _write(response, DRAFTS, kept, DRAFTS_KEPT)


def _own(request: HttpRequest) -> dict[UUID, str]:
    content = _read(request, DRAFTS, DRAFTS_KEPT)
    return {UUID(key): secret for key, secret in content.items() if isinstance(secret, str)}


def _shared(request: HttpRequest) -> dict[UUID, tuple[str, float]]:
    """Return secret and time of last use of the drafts on a shared device that are not idle."""
    found: dict[UUID, tuple[str, float]] = {}
    now = clock.now().timestamp()
    for key, kept in _read(request, SHARED, TOTAL).items():
        if isinstance(kept, list) and len(kept) == 2 and isinstance(kept[0], str):
            used = float(kept[1])
            if now - used < SHARED_IDLE.total_seconds():
                found[UUID(key)] = (kept[0], used)
    return found


def cases(request: HttpRequest) -> dict[UUID, float]:
    """Return the cases that this browser may look at, with the time since when."""
    return _looked_at(request, CASES)


def parties(request: HttpRequest) -> dict[UUID, float]:
    """Return the parties whose invitation this browser has opened, with the time since when."""
    return _looked_at(request, PARTIES)


def _looked_at(request: HttpRequest, name: str) -> dict[UUID, float]:
    now = clock.now().timestamp()
    found: dict[UUID, float] = {}
    for key, times in _read(request, name, TOTAL).items():
        if not isinstance(times, list) or len(times) != 2:
            continue
        since, used = float(times[0]), float(times[1])
        if now - since < TOTAL.total_seconds() and now - used < IDLE.total_seconds():
            found[UUID(key)] = since
    return found


def add_case(
    request: HttpRequest, response: HttpResponse, case_id: UUID, *, anew: bool = False
) -> HttpResponse:
    """Let this browser look at a case; ``anew`` when the code was just typed."""
    return _look(request, response, CASES, case_id, anew=anew)


def add_party(
    request: HttpRequest, response: HttpResponse, party_id: UUID, *, anew: bool = False
) -> HttpResponse:
    """Let this browser look at a party's part of a case; ``anew`` when the code was just typed."""
    return _look(request, response, PARTIES, party_id, anew=anew)


def ends_in(since: float) -> timedelta:
    """Return how long a case or an invitation stays open that is looked at now."""
    return min(IDLE, _rest(since))


def is_final(since: float) -> bool:
    """Tell whether it closes at that time whatever somebody does: twelve hours are over then."""
    return _rest(since) < IDLE


def _rest(since: float) -> timedelta:
    return timedelta(seconds=since - clock.now().timestamp()) + TOTAL


def drop_parties(response: HttpResponse) -> HttpResponse:
    """Let this browser forget all invitations."""
    response.delete_cookie(PARTIES, samesite="Lax")
    return response


def _look(
    request: HttpRequest, response: HttpResponse, name: str, own: UUID, *, anew: bool = False
) -> HttpResponse:
    now = clock.now().timestamp()
    open_now = _looked_at(request, name)
    since = open_now.pop(own, now)
    kept = {str(key): [value, now] for key, value in open_now.items()}
    kept[str(own)] = [now if anew else since, now]
    return _write(response, name, kept, TOTAL)


def drop_cases(response: HttpResponse) -> HttpResponse:
    """Let this browser forget all cases."""
    response.delete_cookie(CASES, samesite="Lax")
    return response


def _read(request: HttpRequest, name: str, age: timedelta) -> Mapping[str, object]:
    raw = request.COOKIES.get(name, "")
    if not raw or len(raw) > 4_096:
        return {}
    try:
        content = signing.loads(raw, salt=name, max_age=age)
        return {str(UUID(key)): value for key, value in content.items()}
    except (signing.BadSignature, ValueError, AttributeError):
        return {}


def _write(
    response: HttpResponse, name: str, content: Mapping[str, object], age: timedelta | None
) -> HttpResponse:
    """Write a cookie; without an ``age`` it ends with the browser."""
    newest = dict(list(content.items())[-MOST:])
    response.set_cookie(
        name,
        signing.dumps(newest, salt=name),
        max_age=age,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
