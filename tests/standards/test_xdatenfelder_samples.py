import os
import re
from collections import Counter
from pathlib import Path

import pytest

from dienstweg.standards import genericode
from dienstweg.standards.xdatenfelder import errors
from dienstweg.standards.xdatenfelder.model import Field, Group, Schema
from dienstweg.standards.xdatenfelder.reading import read, read_message

SAMPLES = os.environ.get("SAMPLES")
pytestmark = pytest.mark.skipif(not SAMPLES, reason="SAMPLES is not set")

FOLDER = Path(SAMPLES or ".") / "fim-xdatenfelder"
THE_ONE = "xdf2_S00000094V1.0_Mutterschutz.xml"
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())

BROKEN = {
    "flxbe_v2-data_duplicate-optional-value.xml": "Zeile 15: .*'beschreibung' steht doppelt",
    "flxbe_v2-data_duplicate-required-value.xml": "Zeile 13: .*'name' steht doppelt",
    "flxbe_v2-data_unknown-namespace.xml": "Zeile 2: .*xdatenfelder_unknown",
    "flxbe_v3-data_duplicate-id-node.xml": "Zeile 11: .*'id' steht doppelt",
    "flxbe_v3-data_empty-id-node.xml": "Zeile 10: .*FIM-ID .* ist leer",
    "flxbe_v3-data_invalid-freigabestatus.xml": "Zeile 18: .*freigabestatus hat den Wert '10'",
    "flxbe_v3-data_missing-id-node.xml": "Zeile 9: .*fehlt das Element 'id'",
    "flxbe_v3-data_unexpected-node.xml": "Zeile 11: .*Unbekanntes Element 'unknown'",
    "flxbe_v3-data_unknown-namespace.xml": "Zeile 3: .*xdatenfelder_unknown",
    "xdf1_S00000036_Waffenbesitzkarte.xml": "XDatenfelder 1 .*werden XDatenfelder 2.0 und 3.0.0",
    "xdf3-fimportal/LICENSE-BUND-T-MIT.txt": "kein XML",
}
VALID = [name for name in FILES if name.endswith(".xml") and name not in BROKEN]


def test_the_real_schema_is_read() -> None:
    schema = read((FOLDER / THE_ONE).read_bytes())
    assert (schema.id, schema.version, schema.standard) == ("S00000094", "1.0", "2.0")

    def rules(element: Group | object) -> int:
        own = len(getattr(element, "rules", ()))
        return own + sum(rules(child.element) for child in getattr(element, "children", ()))

    assert rules(schema) == 13


@pytest.mark.parametrize("name", VALID if SAMPLES else [])
def test_every_valid_file_is_read_whole(name: str) -> None:
    content = (FOLDER / name).read_bytes()
    message = read_message(content)
    stated = re.findall(rb"<\w+:(datenfeld|datenfeldgruppe|regel|relation|wert)[ >]", content)
    assert _counted(message.element) == Counter(each.decode() for each in stated)


@pytest.mark.parametrize("name", [name for name in FILES if SAMPLES and name not in VALID])
def test_every_broken_or_foreign_file_is_refused_with_line_and_reason(name: str) -> None:
    with pytest.raises(errors.Refused) as caught:
        read_message((FOLDER / name).read_bytes())
    if name in BROKEN:
        assert re.search(BROKEN[name], str(caught.value))
    else:
        assert isinstance(caught.value, errors.NotXml)


def _counted(element: Schema | Group | Field) -> Counter[str]:
    names = {Group: "datenfeldgruppe", Field: "datenfeld"}
    found = Counter(
        regel=len(element.rules),
        relation=len(element.relations),
        wert=len(getattr(element, "values", ())),
    )
    found[names.get(type(element), "schema")] += 1
    for child in getattr(element, "children", ()):
        found += _counted(child.element)
    del found["schema"]
    return +found


def test_the_published_code_lists_are_read() -> None:
    lists = [
        genericode.read(path.read_bytes())
        for path in sorted((FOLDER.parent / "genericode").glob("*.xml"))
    ]
    by_uri = {one.canonical_version_uri: one for one in lists}
    found = by_uri["urn:de:fim:codeliste:anschrift-inland-oder-ausland_2021-06-18"]
    assert found.entries == (("001", "in Deutschland"), ("002", "außerhalb von Deutschland"))
    assert len(lists) == 5
