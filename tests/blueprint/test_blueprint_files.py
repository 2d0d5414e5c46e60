"""Folders, archives and notation: bounded, deterministic, and with the line of every fault."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprint.example import FOLDER, files
from dienstweg.blueprint import archive, folder, scaffold
from dienstweg.blueprint.notation import read_json, read_yaml
from dienstweg.blueprint.problems import Invalid


def fault(content, reader=read_yaml):
    with pytest.raises(Invalid) as invalid:
        reader("datei.yaml", content)
    return invalid.value.problems[0]


def test_a_folder_is_read_sorted_and_without_hidden_files(tmp_path):
    for name, content in scaffold.new("probe").items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    read = folder.read_folder(tmp_path)
    assert read == scaffold.new("probe")
    assert list(read) == sorted(read)


def test_links_and_foreign_files_are_refused(tmp_path):
    (tmp_path / "blueprint.yaml").symlink_to("/etc/passwd")
    (tmp_path / "texts").symlink_to("/etc")
    (tmp_path / "programm.py").write_text("print()")
    with pytest.raises(Invalid) as invalid:
        folder.read_folder(tmp_path)
    codes = sorted((problem.code, problem.file) for problem in invalid.value.problems)
    assert codes == [
        ("link", "blueprint.yaml"),
        ("link", "texts"),
        ("unknown-file", "programm.py"),
    ]


def test_sizes_are_bounded(tmp_path):
    (tmp_path / "README.md").write_bytes(b"x" * (folder.LARGEST_FILE + 1))
    with pytest.raises(Invalid) as invalid:
        folder.read_folder(tmp_path)
    assert [problem.code for problem in invalid.value.problems] == ["too-large"]
    many = {f"cases/{number}.yaml": b"" for number in range(folder.MOST_FILES + 1)}
    assert [problem.code for problem in folder.check(many)] == ["too-many"]
    with pytest.raises(Invalid):
        folder.read_folder(tmp_path / "nirgends")


@pytest.mark.parametrize(
    "name", ["../x.yaml", "/blueprint.yaml", "texts/../a.yaml", "texts/de/x.yaml"]
)
def test_names_stay_inside(name):
    assert not folder.is_known(name)


def test_the_same_files_give_the_same_archive():
    packed = archive.pack(files())
    assert archive.pack(dict(reversed(list(files().items())))) == packed
    assert archive.unpack(packed) == dict(files())
    assert len(archive.digest(packed)) == 64
    assert archive.digest(archive.pack({**files(), "README.md": b"anders"})) != archive.digest(
        packed
    )


def test_an_archive_with_anything_else_is_refused():
    packed = archive.pack(files())
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("README.md", b"0" * 5_000_000)
    outside = io.BytesIO()
    with zipfile.ZipFile(outside, "w") as opened:
        opened.writestr("../../etc/cron.d/x", b"x")
    for bad in (
        b"",
        packed[:-1],
        packed + b"x",
        b"x" + packed,
        bomb.getvalue(),
        outside.getvalue(),
    ):
        with pytest.raises(Invalid):
            archive.unpack(bad)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=6))
def test_a_damaged_archive_is_refused_or_the_same(at, damage):
    packed = bytearray(archive.pack(scaffold.new("probe")))
    packed[at : at + len(damage)] = damage
    try:
        assert archive.pack(archive.unpack(bytes(packed))) == bytes(packed)
    except Invalid as invalid:
        assert invalid.problems


def test_every_value_knows_its_line():
    noted = read_yaml("x.yaml", b"a: 1\nb:\n  - c: 2026-03-02\n  - yes\n")
    assert noted.data == {"a": 1, "b": [{"c": "2026-03-02"}, "yes"]}
    assert noted.line("b", 0, "c") == 3
    assert noted.line("b", 1) == 4
    assert noted.line("b", 7, "nichts") == 2
    json_file = read_json("data.schema.json", (FOLDER / "data.schema.json").read_bytes())
    assert json_file.line("properties", "kinder", "maxItems") == 34


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"a: 1\nb: &x 2\n", "anchor", 2),
        (b"a: &x [1]\nb: *x\n", "anchor", 1),
        (b"a: 1\na: 2\n", "twice", 2),
        (b"a: !!python/object:os.system 1\n", "tag", 1),
        (b"a: !x 1\n", "tag", 1),
        (b"a: 1\nb: [\n", "yaml", 3),
        (b"a: b: c\n", "yaml", 1),
        (b"x: \xff\n", "encoding", 1),
        (b"x: a\x00b\n", "encoding", None),
        (b"? [1]\n: 2\n", "key", 1),
        (b"[" * 500, "too-large", 1),
    ],
)
def test_faults_of_yaml(content, code, line):
    found = fault(content)
    assert (found.code, found.line, found.file) == (code, line, "datei.yaml")


@pytest.mark.parametrize(
    "content", [b'{"a": 1, "a": 2}', b"{", b"[NaN]", b"\xff", b"[" * 100_000, b""]
)
def test_faults_of_json(content):
    assert fault(content, read_json).code in {"json", "encoding"}


@given(st.text(max_size=80))
def test_no_text_makes_the_reader_stumble(text):
    try:
        read_yaml("x.yaml", text.encode("utf-8", "surrogatepass"))
    except Invalid as invalid:
        assert invalid.problems
