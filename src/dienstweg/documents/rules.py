"""Decides: which documents carry the authority's seal."""

from collections.abc import Mapping
from typing import Any


def is_sealed(manifest: Mapping[str, Any], template: str) -> bool:
    """Tell whether a document gets a seal: a decision does, and what the blueprint says so of.

    A seal shows that a document comes from the authority and is unchanged (Article 35 (2) eIDAS);
    where a decision replaces a signed one, section 37 (3) VwVfG asks for more than this.
    """
    entry = manifest.get("documents", {}).get(template, {})
    return bool(entry.get("sealed", entry.get("kind") == "decision"))
