import os
from pathlib import Path

import pytest

from dienstweg.standards import genericode
from dienstweg.standards.xdatenfelder import errors
from dienstweg.standards.xdatenfelder.model import Group
from dienstweg.standards.xdatenfelder.reading import read

SAMPLES = os.environ.get("SAMPLES")
pytestmark = pytest.mark.skipif(not SAMPLES, reason="SAMPLES is not set")

FOLDER = Path(SAMPLES or ".") / "fim-xdatenfelder"
THE_ONE = "xdf2_S00000094V1.0_Mutterschutz.xml"
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
OTHERS = [name for name in FILES if SAMPLES and name != THE_ONE]

SAID = {
    "flxbe_v2-data_duplicate-optional-value.xml": "'beschreibung' steht doppelt",
    "flxbe_v2-data_duplicate-required-value.xml": "'name' steht doppelt",
    "flxbe_v2-data_unknown-namespace.xml": "xdatenfelder_unknown",
    "flxbe_v3-data_unknown-namespace.xml": "xdatenfelder_unknown",
    "xdf1_S00000036_Waffenbesitzkarte.xml": "XDatenfelder 1 ",
    "xdf3-fimportal/LICENSE-BUND-T-MIT.txt": "kein XML",
}


def test_the_real_schema_is_read() -> None:
    schema = read((FOLDER / THE_ONE).read_bytes())
    assert (schema.id, schema.version) == ("S00000094", "1.0")

    def rules(element: Group | object) -> int:
        own = len(getattr(element, "rules", ()))
        return own + sum(rules(child.element) for child in getattr(element, "children", ()))

    assert rules(schema) == 13


@pytest.mark.parametrize("name", OTHERS)
def test_every_other_file_is_refused_with_its_version_or_fault(name: str) -> None:
    with pytest.raises(errors.Refused) as caught:
        read((FOLDER / name).read_bytes())
    said = str(caught.value)
    if name in SAID:
        assert SAID[name] in said
    elif "v2-data" in name:
        assert "'T1234' ist keine FIM-ID von XDatenfelder 2" in said
    elif name.endswith(".xml"):
        assert "XDatenfelder 3.0.0" in said
    else:
        assert isinstance(caught.value, errors.NotXml)


def test_the_published_code_lists_are_read() -> None:
    lists = [
        genericode.read(path.read_bytes())
        for path in sorted((FOLDER.parent / "genericode").glob("*.xml"))
    ]
    by_uri = {one.canonical_version_uri: one for one in lists}
    found = by_uri["urn:de:fim:codeliste:anschrift-inland-oder-ausland_2021-06-18"]
    assert found.entries == (("001", "in Deutschland"), ("002", "außerhalb von Deutschland"))
    assert len(lists) == 5
