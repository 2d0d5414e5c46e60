"""Whatever a schema looks like, its import is a blueprint that runs, or is refused."""

import json
import re

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dienstweg.blueprint.check import check
from dienstweg.blueprint.fim import import_file
from dienstweg.blueprint.problems import Invalid, errors
from fim_documents import at, field, group, message

TIMES = st.sampled_from(["1:1", "0:1", "0:*", "1:*", "2:5", "0:3", "0:0"])
LABELS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=30
).filter(str.strip)
FACETS = {
    "text": [
        "",
        '{"minLength":"3","maxLength":"9"}',
        '{"pattern":"[a-z]{2,4}"}',
        '{"maxLength":"2000"}',
    ],
    "num_int": ["", '{"minValue":"5"}', '{"minValue":"-9","maxValue":"-2"}'],
    "num": ["", '{"minValue":"0,25","maxValue":"0,75"}'],
    "num_currency": ["", '{"minValue":"1000"}'],
    "date": [""],
    "bool": [""],
    "file": [""],
    "obj": [""],
}


@st.composite
def fields(draw: st.DrawFn) -> str:
    number = draw(st.integers(1, 12))
    datatype = draw(st.sampled_from(sorted(FACETS)))
    kind = draw(st.sampled_from(["input", "input", "input", "label", "select"]))
    return field(
        f"F99{number:06}",
        draw(LABELS),
        kind=kind,
        datatype="text" if kind == "select" else datatype,
        facets="" if kind != "input" else draw(st.sampled_from(FACETS[datatype])),
        code_list="urn:de:test" if kind == "select" else "",
        help=draw(st.sampled_from(["", "Hilfe"])),
    )


def _group(number: int, label: str, children: list[tuple[str, str]]) -> str:
    return group(f"G99{number:06}", label, *(at(times, each) for times, each in children))


elements = st.recursive(
    fields(),
    lambda inner: st.builds(
        _group,
        st.integers(1, 9),
        LABELS,
        st.lists(st.tuples(TIMES, inner), min_size=1, max_size=4),
    ),
    max_leaves=14,
)


@given(st.lists(st.tuples(TIMES, elements), min_size=1, max_size=4))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # shrinking sets documents for minutes
)
def test_every_import_passes_check_with_its_cases(children: list[tuple[str, str]]) -> None:
    content = message(*(at(times, each) for times, each in children))
    try:
        result = import_file(content, "test.xml")
    except Invalid as refused:
        assert refused.problems[0].code in {"too-deep", "no-question"}
        return
    found = "; ".join(str(problem) for problem in errors(check(result.files)))
    assert not found
    kept = re.findall(r"[FG]99\d{6}", result.files["data.schema.json"].decode())
    asked = json.loads(result.files["data.schema.json"])
    assert asked["x-fim"]["id"] == "S99000001"
    listed = " ".join(f"{point.text} {point.source}" for point in result.report.open_points)
    stated = set(re.findall(r"<xdf:id>([FG]99\d{6})", content.decode()))
    assert stated <= set(kept) | set(re.findall(r"[FG]99\d{6}", listed))
