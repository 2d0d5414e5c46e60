"""Decides about online services: pure."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from dienstweg.blueprint.release import Release

STATES: Mapping[str, frozenset[str]] = {
    "live": frozenset({"live", "withdrawn"}),
    "withdrawn": frozenset({"live"}),
}
"""Which state of an offer may follow which; live after live is an upgrade."""

LANGUAGES = ("de", "en")


def pinned_digest(release_digest: str, overlay: Mapping[str, Any] | None) -> str:
    """Return the identity (SHA-256, hex) of a release with an overlay.

    Without an overlay it is the release's own.
    """
    if not overlay:
        return release_digest
    text = json.dumps(overlay, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{release_digest}\n{text}".encode()).hexdigest()


def listing(release: Release) -> dict[str, Any]:
    """Return what a catalogue says about an online service, in all our languages."""
    return {
        "subject": str(release.manifest.get("subject", "")),
        "keywords": [str(word) for word in release.manifest.get("keywords", [])],
        "titles": _texts(release, "service.title"),
        "summaries": _texts(release, "service.summary"),
    }


def title(release: Release) -> str:
    """Return the German title of an online service."""
    return _texts(release, "service.title")["de"] or release.id


def _texts(release: Release, key: str) -> dict[str, str]:
    return {lang: str(release.text(lang, key, default="") or "") for lang in LANGUAGES}
