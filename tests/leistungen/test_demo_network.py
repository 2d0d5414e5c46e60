"""The demo network is complete, legible, and its offers fit the blueprints they adapt."""

import base64
import re
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from ruamel.yaml import YAML

from dienstweg.adapters import http_json, xbezahldienste
from dienstweg.blueprint import decisions, folder, pages, release

ROOT = Path(__file__).parents[2]
NETWORK: dict[str, Any] = YAML(typ="safe", pure=True).load((ROOT / "demo/network.yaml").read_text())
AUTHORITIES: list[dict[str, Any]] = NETWORK["authorities"]
OFFERS: list[dict[str, Any]] = NETWORK["offers"]
TODAY = date(2026, 3, 2)
SLUGS = [authority["slug"] for authority in AUTHORITIES]


@cache
def _files(blueprint: str) -> dict[str, bytes]:
    return folder.read_folder(ROOT / blueprint)


def _release(authority: str, service: str) -> release.Release:
    offer = next(o for o in OFFERS if o["authority"] == authority and o["slug"] == service)
    return release.compile(_files(offer["blueprint"]), offer["overlay"])


def _contrast_with_white(colour: str) -> float:
    """Contrast by WCAG 2.2, success criterion 1.4.3."""
    parts = [int(colour[at:end], 16) / 255 for at, end in pairwise((1, 3, 5, 7))]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)


def test_one_county_and_four_municipalities() -> None:
    parents = {authority["slug"]: authority.get("parent") for authority in AUTHORITIES}
    assert len(parents) == 5
    assert [slug for slug, parent in parents.items() if parent is None] == ["kranichsee"]
    assert set(parents.values()) == {None, "kranichsee"}


@pytest.mark.parametrize("authority", AUTHORITIES, ids=SLUGS)
def test_an_authority_says_everything_a_page_must_say(authority: dict[str, Any]) -> None:
    assert re.fullmatch(r"17[0-9]{10}", authority["ars"]), "17 belongs to no state"
    assert authority["host"] == f"{authority['slug']}.localhost"
    assert authority["email"].endswith(".example")
    for text in ("imprint", "privacy", "accessibility", "help"):
        assert len(authority[text]) > 200, text
    assert authority["phone"] in authority["help"]
    assert "Vorführung" in authority["imprint"]
    assert _contrast_with_white(authority["accent"]) >= 7


def test_keys_hosts_and_prefixes_are_unique() -> None:
    for key in ("slug", "ars", "host", "number_prefix", "accent", "phone"):
        values = [authority[key] for authority in AUTHORITIES]
        assert len(set(values)) == len(values), key


@pytest.mark.parametrize("offer", OFFERS, ids=lambda o: f"{o['authority']}-{o['slug']}")
def test_an_offer_has_all_it_needs(offer: dict[str, Any]) -> None:
    compiled = _release(offer["authority"], offer["slug"])
    links = {(c["authority"], c["slug"]) for c in NETWORK["connections"]}
    accounts = {(a["authority"], a["slug"]) for a in NETWORK["payment_accounts"]}
    if compiled.manifest["needs"]["connector"]:
        assert (offer["authority"], offer["settings"]["connection"]) in links
    if compiled.manifest["needs"]["payment"]:
        assert (offer["authority"], offer["settings"]["payment"]) in accounts
    there = {s["role"] for s in NETWORK["staff"] if offer["authority"] in s["authorities"]}
    assert set(compiled.manifest.get("roles", ())) <= there, (
        "somebody must be able to take every task"
    )


def test_weissenfaehr_has_zones_and_fees_of_its_own() -> None:
    data = {"zone": {"lage": "innenstadt"}, "ausweis": {"dauer": 1, "ermaessigung": "keine"}}
    fees = {}
    for authority in ("muehlbrueck", "weissenfaehr"):
        compiled = _release(authority, "bewohnerparkausweis")
        fees[authority] = decisions.decide(compiled, "gebuehr", data, today=TODAY)["betrag"]
    assert fees == {"muehlbrueck": 3070, "weissenfaehr": 3600}
    own = _release("weissenfaehr", "bewohnerparkausweis")
    assert [row["kuerzel"] for row in own.lists["zonen"]] == ["F", "W"]
    assert "36 Euro" in own.text("de", "service.cost")
    assert own.texts("de")["fields"]["kennzeichen"]["hint"].startswith("Zum Beispiel WF-")


def test_a_street_of_one_town_is_no_choice_in_another() -> None:
    def streets(authority: str) -> list[str]:
        compiled = _release(authority, "bewohnerparkausweis")
        view = pages.view(compiled, "wohnung", {}, lang="de", today=TODAY)
        field = next(each for each in view.fields if each.id == "strasse")
        return [option.label for option in field.options if option.value]

    assert streets("sankt-wendelin") == ["Am Bootshafen", "Seepromenade", "Wendelinusweg"]
    assert "Brückengasse" in streets("muehlbrueck")


_KEY = base64.b64encode(bytes(32)).decode()
_FILLED = {
    "{simulator_backoffice}": "http://127.0.0.1:18082",
    "{simulator_payments}": "http://127.0.0.1:18081",
    "{backoffice_key_id}": "backoffice",
    "{backoffice_key}": _KEY,
    "{dienstweg_private_key}": _KEY,
}


@pytest.mark.parametrize(
    ("entry", "plug_in"),
    [(entry, http_json) for entry in NETWORK["connections"]]
    + [(entry, xbezahldienste) for entry in NETWORK["payment_accounts"]],
    ids=lambda value: value["authority"] if isinstance(value, dict) else "",
)
def test_options_and_secrets_are_what_the_plug_in_wants(
    entry: dict[str, Any], plug_in: Any
) -> None:
    for part, schema in (("options", plug_in.OPTIONS_SCHEMA), ("secrets", plug_in.SECRETS_SCHEMA)):
        given = dict(entry.get(part) or {})
        for placeholder, text in _FILLED.items():
            for key, value in given.items():
                given[key] = value.replace(placeholder, text) if isinstance(value, str) else value
        jsonschema_rs.Draft202012Validator(dict(schema)).validate(given)
