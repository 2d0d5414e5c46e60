"""What `check` says: the file, the line and the remedy of everything that is wrong."""

import json

import pytest

from blueprint.example import TODAY, compiled, files
from dienstweg.blueprint import pages, reference, release, scaffold, sources
from dienstweg.blueprint.check import check, refuse
from dienstweg.blueprint.problems import Invalid, Problem, errors
from dienstweg.blueprint.views import FieldView


def with_text(name, old, new):
    """The example with one text of one file replaced."""
    content = files()[name].decode()
    assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {name}"
    return {**files(), name: content.replace(old, new).encode()}


def line_of(name, text):
    """The line where a text stands in the example."""
    return files()[name].decode().split(text)[0].count("\n") + 1


def test_the_example_and_a_new_blueprint_have_no_errors():
    assert errors(check(files(), cases=False)) == []
    assert check(scaffold.new("meine-blaupause"), cases=False) == []
    refuse(files())


def test_a_new_blueprint_passes_its_own_cases():
    assert check(scaffold.new("meine-blaupause")) == []


@pytest.mark.parametrize("name", ["", "ab", "A-b-c", "../x", "x" * 80, "bär-en"])
def test_a_new_blueprint_needs_a_good_name(name):
    with pytest.raises(Invalid):
        scaffold.new(name)


ASSISTANT = "assistant.yaml"
FAULTS = [
    (ASSISTANT, "widget: phone", "widgit: phone", "unknown-key"),
    (ASSISTANT, "widget: phone", "widget: fax", "schema-enum"),
    (ASSISTANT, "widget: phone", "widget: file", "widget"),
    (ASSISTANT, "at: /eltern/iban", "at: /eltern/ibam", "unknown-place"),
    (ASSISTANT, "at: /eltern/email", "at: /eltern/name", "same-place"),
    (
        ASSISTANT,
        "age(data.eltern.geburt) >= 18",
        "age(data.eltern.geburd) >= 18",
        "unknown-reference",
    ),
    (ASSISTANT, "age(data.eltern.geburt) >= 18", "alter(data.eltern.geburt) >= 18", "expression"),
    (ASSISTANT, "age(data.eltern.geburt) >= 18", "age(data.eltern.geburt >= 18", "expression"),
    (ASSISTANT, "age(data.eltern.geburt) >= 18", "age(mensch.geburt) >= 18", "unknown-reference"),
    (ASSISTANT, "age(data.eltern.geburt) >= 18", "item.x == 1", "unknown-reference"),
    (ASSISTANT, "age(data.eltern.geburt) >= 18", "lists.nix.size() > 0", "unknown-reference"),
    (ASSISTANT, "age(data.eltern.geburt) >= 18", "decision.nix.x", "unknown-reference"),
    (ASSISTANT, "field: geburt}", "field: geburd}", "unknown-field"),
    (ASSISTANT, 'when: data.lager.ort == "see"', "when: false", "unreachable"),
    (ASSISTANT, 'when: data.lager.ort == "see"', "when: data.boot.groesse > 1", "cycle"),
    (ASSISTANT, "when: item.schwimmt == true", "when: item.abzeichen != null", "cycle"),
    (ASSISTANT, "max: 4,", "max: 9,", "bounds"),
    (ASSISTANT, "list: orte", "list: orta", "unknown-list"),
    (ASSISTANT, "value: kuerzel, ", "value: kurz, ", "unknown-column"),
    (ASSISTANT, "id: email, at", "id: name, at", "twice"),
    (ASSISTANT, "{id: hinweis, info: true}", "{id: hinweis}", "no-place"),
    (ASSISTANT, "{id: plz, at", "{id: plz, when: data.eltern.name != null, at", None),
    (
        ASSISTANT,
        "{id: geburt, at",
        "{id: geburt, when: data.eltern.plz != null, at",
        "hidden-required",
    ),
    ("texts/de.yaml", "  plz: {label: Postleitzahl}\n", "", "missing-text"),
    ("texts/de.yaml", "volljaehrig: Sie", "volljahrig: Sie", "missing-text"),
    ("texts/de.yaml", "label: Postleitzahl", "label: &x Postleitzahl", "anchor"),
    ("texts/de.yaml", "label: Postleitzahl", "label: {a: b}", "schema-anyOf"),
    ("blueprint.yaml", "version: 1.2.0", "version: eins", "schema-pattern"),
    ("blueprint.yaml", "subject: familie", "subject: quatsch", "unknown-subject"),
    ("blueprint.yaml", "lists/orte.yaml", "lists/orta.yaml", "missing-file"),
    ("blueprint.yaml", "ids: [orte]", "ids: [orta]", "unknown-point"),
    ("data.schema.json", '"hat_auto"],', '"hat_auto", "beruf"],', "unasked"),
    ("data.schema.json", '"maxLength": 40', '"maxLength": "40"', "data-schema"),
    (
        "data.schema.json",
        '"name": {"type"',
        '"name": {"$ref": "https://a.b/x", "type"',
        "data-schema",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "code"), FAULTS)
def test_faults_are_named_with_file_and_line(name, old, new, code):
    found = errors(check(with_text(name, old, new), cases=False))
    codes = {problem.code for problem in found}
    if code is None:
        assert codes == set()
        return
    assert code in codes
    problem = next(each for each in found if each.code == code)
    assert problem.file in {name, "data.schema.json", "lists/orte.yaml"}
    assert problem.message
    if code not in {"missing-text", "missing-file", "unasked", "cycle", "twice", "schema-anyOf"}:
        wanted = line_of(name, old)
        assert problem.line is not None
        assert abs(problem.line - wanted) <= 2, f"line {problem.line}, not {wanted}"


def test_an_unbounded_loop_is_refused():
    bad = with_text("data.schema.json", '"maxItems": 2,', "")
    bad[ASSISTANT] = bad[ASSISTANT].replace(
        b"age(data.eltern.geburt) >= 18", b"\"data.anlagen.fotos.all(f, f != 'x')\""
    )
    assert "unbounded" in {problem.code for problem in errors(check(bad, cases=False))}


def test_a_missing_translation_and_a_leftover_are_warnings():
    problems = check(
        with_text(
            "texts/de.yaml", "  boot: {title: Boot}", "  boot: {title: Boot}\n  alt: {title: Alt}"
        ),
        cases=False,
    )
    found = {(problem.code, problem.severity) for problem in problems}
    assert ("untranslated", "warning") in found
    assert ("left-over", "warning") in found
    assert errors(problems) == []


def test_missing_files_are_named():
    for name in sources.REQUIRED:
        left = {each: content for each, content in files().items() if each != name}
        missing = [each.file for each in check(left, cases=False) if each.code == "missing-file"]
        assert missing == [name]
        with pytest.raises(Invalid):
            release.compile(left)


def test_a_problem_reads_as_place_message_and_remedy():
    problem = Problem("x", "Das fehlt.", file="a.yaml", line=3, remedy="Ergänzen Sie es.")
    assert str(problem) == "a.yaml:3: Das fehlt. → Ergänzen Sie es."


def test_a_release_is_known_by_its_archive_and_not_by_its_overlay():
    plain = release.compile(files())
    local = release.compile(
        files(), {"lists": {"orte": [{"kuerzel": "stadt", "name": "Stadtpark", "preis": 1}]}}
    )
    assert plain.digest == local.digest == compiled().digest
    shown = pages.view(local, "lager", {}, lang="de", today=TODAY)
    ort = next(each for each in shown.fields if each.id == "ort")
    assert isinstance(ort, FieldView)
    assert [each.label for each in ort.options] == ["Stadtpark"]


def test_an_overlay_changes_texts_at_extension_points_only():
    local = release.compile(
        files(),
        {
            "texts": {
                "de": {"service.title": "Freizeit", "fields.ort.hint": "Wo?"},
                "en": {"service.title": "Camp"},
            }
        },
    )
    assert local.text("de", "service.title") == "Freizeit"
    assert local.text("en", "service.title") == "Camp"
    assert local.text("en", "fields.ort.hint") == "Wo?"
    assert local.text("de", "fields.name.label") == "Name"


@pytest.mark.parametrize(
    "overlay",
    [
        {"texts": {"de": {"fields.name.label": "x"}}},
        {"lists": {"zonen": []}},
        {"decisions": {"gebuehr": "<definitions/>"}},
        {"process": "x"},
        {"texts": {"de": {"service.title.tief": "x"}}},
        {"lists": {"orte": [{"kuerzel": "x"}]}},
        {"texts": "x"},
    ],
)
def test_an_overlay_elsewhere_is_refused(overlay):
    with pytest.raises(Invalid):
        release.compile(files(), overlay)


def test_texts_fall_back_to_german():
    assert compiled().languages == ("de", "en")
    assert compiled().text("en", "pages.kinder.title") == "Kinder"
    assert compiled().text("tr", "pages.kinder.title") == "Kinder"
    assert compiled().text("de", "gibt.es.nicht", "sonst") == "sonst"
    assert compiled().texts("en")["pages"]["eltern"]["title"] == "Parents"
    assert compiled().texts("en")["pages"]["boot"]["title"] == "Boot"


def test_every_key_of_the_format_is_described():
    def undescribed(schema, path):
        for name, member in schema.get("properties", {}).items():
            if "description" not in member:
                yield f"{path}/{name}"
            yield from undescribed(member, f"{path}/{name}")
            yield from undescribed(member.get("items", {}), f"{path}/{name}[]")
            further = member.get("additionalProperties")
            yield from undescribed(further if isinstance(further, dict) else {}, f"{path}/{name}/*")

    for kind in reference.KINDS:
        schema = sources.published(kind)
        missing = list(undescribed(schema, kind))
        for name, each in schema.get("$defs", {}).items():
            missing += undescribed(each, f"{kind}#{name}")
        assert missing == []
        assert f"## {schema['title']}" in reference.render()


def test_the_published_schemas_are_themselves_valid():
    import jsonschema_rs

    for kind in reference.KINDS:
        jsonschema_rs.meta.validate(sources.published(kind))
        json.dumps(sources.published(kind))
