"""Loads a network from a readable file: authorities, staff, teams, connections, seals, offers.

``demo/network.yaml`` is such a file. Loading it again changes what differs and leaves the rest,
so that a network can be kept in a file.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from dienstweg.accounts import actions as accounts
from dienstweg.adapters.pades import test_identity
from dienstweg.authorities import actions as authorities
from dienstweg.authorities import scope
from dienstweg.authorities.errors import InvalidNetwork
from dienstweg.blueprint.archive import pack
from dienstweg.blueprint.folder import read_folder
from dienstweg.catalogue import actions as catalogue
from dienstweg.deliveries import actions as deliveries
from dienstweg.documents import actions as documents
from dienstweg.documents import queries as seals
from dienstweg.offers import actions as offers
from dienstweg.payments import actions as payments


def read(path: Path) -> dict[str, Any]:
    """Return the content of a network file; raises `InvalidNetwork` with what to mend."""
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text())
    except (OSError, YAMLError) as error:
        raise InvalidNetwork(f"{path}: {error}") from error
    if not isinstance(content, dict) or "authorities" not in content:
        raise InvalidNetwork(f"{path}: the list 'authorities' is missing")
    return content


def load(*, path: Path, root: Path, addresses: Mapping[str, str]) -> dict[str, UUID]:
    """Load the network file at ``path`` and return the authorities' ids by slug.

    ``root`` is the folder from which blueprints and streets are named; ``addresses`` fill the
    placeholders (``{simulator_payments}``) in the options of connections and payment accounts.
    """
    content = read(path)
    ids = authorities.load(entries=content["authorities"])
    for entry in content.get("staff", ()):
        _add_staff(entry)
    for entry in content.get("teams", ()):
        accounts.load_team(
            slug=entry["slug"],
            name=entry["name"],
            authority_slugs=entry["authorities"],
            roles=entry["roles"],
            emails=entry.get("members") or (),
            leaders=entry.get("leaders") or (),
        )
    for entry in content.get("connections", ()):
        with scope.enter(scope.of(ids[entry["authority"]])):
            deliveries.add_connection(**_link(entry, addresses))
    for entry in content.get("payment_accounts", ()):
        with scope.enter(scope.of(ids[entry["authority"]])):
            payments.add_account(**_link(entry, addresses))
    for entry in content.get("seals", ()):
        with scope.enter(scope.of(ids[entry["authority"]])):
            _set_seal(entry, addresses)
    for entry in content.get("streets", ()):
        with scope.enter(scope.of(ids[entry["authority"]])):
            catalogue.load_streets(content=(root / entry["file"]).read_bytes())
    for entry in content.get("offers", ()):
        with scope.enter(scope.of(ids[entry["authority"]])):
            offers.go_live(
                slug=entry.get("slug", Path(entry["blueprint"]).name),
                archive=pack(read_folder(root / entry["blueprint"])),
                overlay=entry.get("overlay") or {},
                settings=entry.get("settings") or {},
            )
    return ids


def _add_staff(entry: Mapping[str, Any]) -> None:
    slugs: Sequence[str] = entry.get("authorities") or [entry["authority"]]
    accounts.add_staff(
        email=entry["email"],
        name=entry["name"],
        password=entry["password"],
        authority_slugs=slugs,
        role=entry["role"],
    )


def _set_seal(entry: Mapping[str, Any], addresses: Mapping[str, str]) -> None:
    """Give an authority its seal; one to try things out with (``test``) gets a key of its own."""
    secrets = _filled(entry.get("secrets") or {}, addresses)
    if entry.get("test"):
        if seals.has_seal():
            return
        secrets = test_identity(str(entry["authority"]))
    documents.set_seal(kind=entry["kind"], options=entry.get("options") or {}, secrets=secrets)


def _link(entry: Mapping[str, Any], addresses: Mapping[str, str]) -> dict[str, Any]:
    return {
        "slug": entry["slug"],
        "kind": entry["kind"],
        "options": _filled(entry.get("options") or {}, addresses),
        "secrets": _filled(entry.get("secrets") or {}, addresses),
    }


def _filled(value: Any, addresses: Mapping[str, str]) -> Any:
    """Return ``value`` with every ``{name}`` of an address replaced, however deep it stands."""
    if isinstance(value, Mapping):
        return {key: _filled(one, addresses) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, addresses) for one in value]
    if isinstance(value, str):
        for name, address in addresses.items():
            value = value.replace("{" + name + "}", address)
    return value
