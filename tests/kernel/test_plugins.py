"""Plug-ins are found by name."""

from importlib.metadata import entry_points

import pytest

from dienstweg.kernel import http, plugins


def test_an_unknown_plugin_is_named_with_those_there_are() -> None:
    with pytest.raises(plugins.UnknownPlugin, match=r"nothing.*http"):
        plugins.load("dienstweg.connectors", "nothing")


KEY = "A" * 43 + "="
OPTIONS = {"url": "https://a.example/x", "key_id": "a", "peer_key_id": "b", "peer_public_key": KEY}


@pytest.mark.parametrize(
    ("options", "secrets", "fit"),
    [
        (OPTIONS, {"private_key": KEY}, True),
        ({**OPTIONS, "verify_tls": False}, {"private_key": KEY}, False),
        ({**OPTIONS, "url": "ftp://a.example"}, {"private_key": KEY}, False),
        (OPTIONS, {}, False),
        (OPTIONS, {"private_key": KEY, "more": KEY}, False),
    ],
)
def test_options_and_secrets_are_held_against_the_plugs_schemas(options, secrets, fit) -> None:
    assert plugins.fits("dienstweg.connectors", "http", options, secrets) is fit


def test_what_is_made_may_call_its_own_origins_alone() -> None:
    connector = plugins.made("dienstweg.connectors", "http", OPTIONS, {"private_key": KEY})
    for elsewhere in ("https://b.example/x", "http://a.example/x", "https://a.example:444/x"):
        with pytest.raises(http.Refused):
            connector._client.request("GET", elsewhere)


@pytest.mark.parametrize(
    "group", ["dienstweg.connectors", "dienstweg.payment_providers", "dienstweg.scanners"]
)
def test_no_option_of_ours_switches_tls_off(group) -> None:
    for entry in entry_points(group=group):
        schema = plugins.beside(entry.load(), "OPTIONS_SCHEMA")
        assert schema["additionalProperties"] is False, entry.name
        words = " ".join(schema["properties"]).lower()
        assert not any(one in words for one in ("tls", "ssl", "verify", "insecure", "cert"))
