"""Values that are worked out when something asks for them: once, and not before."""

import pytest

from dienstweg.blueprint.when_asked import WhenAsked


def test_nothing_is_worked_out_before_it_is_asked_for_and_then_once() -> None:
    asked: list[str] = []

    def parties() -> list[str]:
        asked.append("parties")
        return ["Anna"]

    values = WhenAsked({"land": "BB"}, {"parties": parties})
    assert values["land"] == values.get("land") == "BB"
    assert "parties" in values
    assert set(values) == {"land", "parties"}
    assert len(values) == 2
    assert asked == []
    assert values["parties"] == values.get("parties") == ["Anna"]
    assert asked == ["parties"]


def test_what_is_neither_known_nor_worked_out_is_not_there() -> None:
    values = WhenAsked({}, {})
    assert values.get("nichts") is None
    with pytest.raises(KeyError):
        values["nichts"]
