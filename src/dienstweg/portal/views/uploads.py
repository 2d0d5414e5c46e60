"""Uploads: apart from the page's own submit, so that a bad file never costs what was typed."""

import re
from contextlib import suppress
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from dienstweg.assistants import actions as assistants
from dienstweg.assistants.errors import NoSuchField
from dienstweg.design.words import say
from dienstweg.files.errors import NoSuchUpload, Refused, TooLarge
from dienstweg.portal.doors import CorrectionKey, Key, of_any_draft, see_other
from dienstweg.portal.views import assistant, corrections, tus
from dienstweg.reception import visit as visits
from dienstweg.reception.uploads import Withheld

_PAGE = re.compile("[a-z0-9_-]+", re.ASCII)
_FIELD = re.compile("[A-Za-z0-9_.-]{1,100}", re.ASCII)
NAME_LIMIT = 200
AT_ONCE = 10
"""Files in one request: each is looked into by a process of its own."""


def upload(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Take a file: from the page's form, or in pieces (`dienstweg.portal.views.tus`)."""
    return (_begin if tus.is_tus(request) else _plain)(request, draft_id=draft_id)


@require_http_methods(["OPTIONS", "POST"])
@tus.speaking_tus
def _begin(request: HttpRequest, key: Key) -> HttpResponse:
    _, entry = assistant.place(request)
    return tus.create(request, key, entry)


@require_http_methods(["GET", "HEAD", "POST"])
@of_any_draft
def _plain(request: HttpRequest, key: Key) -> HttpResponse:
    """Save the page that the buttons stand on, then take or remove the file.

    Who comes here without a form, by the browser's history, is led to the page it stands on.
    """
    page, entry = assistant.place(request)
    if page == corrections.DOCUMENTS:
        return _to_documents(request, key)
    if request.method != "POST":
        there = _PAGE.fullmatch(page) and key.page(page, entry, leaf=assistant.leaf_of(request))
        return see_other(there or key.url("draft"))
    answered = assistant.answer(request, key, page, entry, go="stay")
    if answered.stale is not None:
        return assistant.show(
            request, key, answered.draft, page, entry, answered=answered, status=409
        )
    if any(one.code == "unknown-page" for one in answered.problems):
        return see_other(key.url("draft"))
    name = request.POST.get("hochladen", "")
    fault = _take(request, key, name, entry) if name else _remove(request, key)
    if fault:
        return assistant.show(
            request, key, answered.draft, page, entry, extra={name: fault}, status=422
        )
    return see_other(assistant.place_of(request, key, answered) + _anchor(request))


def _to_documents(request: HttpRequest, key: Key) -> HttpResponse:
    """Take or remove a file of a document that was asked for."""
    if not isinstance(key, CorrectionKey):
        return see_other(key.url("draft"))
    name = request.POST.get("hochladen", "")
    if request.method != "POST":
        fault = ""
    elif name:
        fault = _take(request, key, name, ())
    else:
        fault = _remove(request, key)
    if fault:
        return corrections.show_documents(request, key, wrong={name: fault}, status=422)
    return see_other(key.url("documents") + _anchor(request))


def _anchor(request: HttpRequest) -> str:
    """Return where the page goes on: at the question that has taken or lost a file."""
    lost, _, _ = request.POST.get("entfernen", "").rpartition("/")
    name = request.POST.get("hochladen", "") or lost
    return f"#feld-{name}" if _FIELD.fullmatch(name) else ""


def _take(request: HttpRequest, key: Key, name: str, entry: tuple[int, ...]) -> str:
    """Attach the files chosen for the field ``name``; return what is wrong with one of them."""
    lang = visits.of(request).lang
    chosen = request.FILES.getlist(f"datei-{name}")
    if not chosen:
        return say(lang, "portal.upload.nothing_chosen")
    if len(chosen) > AT_ONCE:
        return say(lang, "portal.upload.at_once", number=AT_ONCE)
    for one in chosen:
        named = f"{str(one.name or '')[:NAME_LIMIT]}: " if len(chosen) > 1 else ""
        if isinstance(one, Withheld):
            return named + TooLarge().message(lang)
        try:
            assistants.attach(
                draft_id=key.draft_id,
                secret=key.secret,
                field=name,
                name=str(one.name or "")[:NAME_LIMIT],
                chunks=one.chunks(),
                entry=entry,
            )
        except Refused as refused:
            return named + refused.message(lang)
        except NoSuchField:
            return say(lang, "portal.upload.unknown_field")
    return ""


def _remove(request: HttpRequest, key: Key) -> str:
    _, _, text = request.POST.get("entfernen", "").rpartition("/")
    own = assistant.file_id(text)
    halted = assistant.file_id(request.POST.get("verwerfen", ""))
    if halted is not None:
        with suppress(NoSuchUpload):
            assistants.end_upload(draft_id=key.draft_id, secret=key.secret, upload_id=halted)
    if own is not None:
        assistants.detach(draft_id=key.draft_id, secret=key.secret, file_id=own)
    return ""
