"""What nobody has looked at in a full run of the browser tests is named, and nothing else."""

import json
from pathlib import Path

import pytest

import inspected
from hostile.addresses import TABLE
from inspecting import LOOKS


def test_a_page_that_nobody_saw_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspected, "SEEN", tmp_path)
    seen = [
        {"route": route, "status": 200, "look": look.name}
        for route in TABLE
        for look in LOOKS
        if route != "hilfe" and (route, look) != ("impressum", LOOKS[-1])
    ]
    seen.append({"route": "hilfe", "status": 404, "look": LOOKS[0].name})
    (tmp_path / "1.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in seen))
    found = [one for one in inspected.unseen() if not one.startswith("No walk")]
    assert found == [
        "No test looks at hilfe",
        f"Nobody has looked at impressum in {LOOKS[-1].name}",
    ]
    walks = [one for one in inspected.unseen() if one.startswith("No walk (keyboard)")]
    assert "No walk (keyboard) reaches the page kapitel-1 of infektionsschutzbelehrung" in walks
