"""Plug-ins are found by name."""

import pytest

from dienstweg.kernel import plugins


def test_an_unknown_plugin_is_named_with_those_there_are() -> None:
    with pytest.raises(plugins.UnknownPlugin, match=r"nothing.*http"):
        plugins.load("dienstweg.connectors", "nothing")
