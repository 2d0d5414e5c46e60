"""A value can be read with its key and in its place, and nowhere else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.kernel import encryption

PLACE = ("authority", "table", "row", "field")


@given(st.binary(max_size=2000))
def test_what_is_sealed_comes_back(content: bytes) -> None:
    key = encryption.new_key()
    sealed = encryption.seal(key, content, *PLACE)
    assert encryption.unseal(key, sealed, *PLACE) == content
    assert len(content) < 8 or content not in sealed


@pytest.mark.parametrize("changed", range(4))
def test_a_value_moved_elsewhere_cannot_be_read(changed: int) -> None:
    key = encryption.new_key()
    sealed = encryption.seal(key, b"private", *PLACE)
    elsewhere = [*PLACE]
    elsewhere[changed] = "other"
    with pytest.raises(encryption.Unreadable):
        encryption.unseal(key, sealed, *elsewhere)


def test_contexts_cannot_run_together() -> None:
    key = encryption.new_key()
    sealed = encryption.seal(key, b"private", "ab", "c")
    with pytest.raises(encryption.Unreadable):
        encryption.unseal(key, sealed, "a", "bc")


@given(st.integers(min_value=0, max_value=60))
def test_altered_bytes_are_noticed(position: int) -> None:
    key = encryption.new_key()
    sealed = bytearray(encryption.seal(key, b"x" * 32, *PLACE))
    sealed[position % len(sealed)] ^= 1
    with pytest.raises(encryption.Unreadable):
        encryption.unseal(key, bytes(sealed), *PLACE)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=5))
def test_json_comes_back_whatever_is_in_it(value: dict[str, str]) -> None:
    key = encryption.new_key()
    assert encryption.unseal_json(key, encryption.seal_json(key, value, *PLACE), *PLACE) == value


def test_a_key_is_wrapped_for_one_place() -> None:
    key, master = encryption.new_key(), encryption.new_key()
    wrapped = encryption.wrap(key, master, "case", "1")
    assert encryption.unwrap(wrapped, master, "case", "1") == key
    with pytest.raises(encryption.Unreadable):
        encryption.unwrap(wrapped, master, "case", "2")
    with pytest.raises(encryption.Unreadable):
        encryption.unwrap(wrapped, encryption.new_key(), "case", "1")


def test_the_master_key_is_made_once_and_is_ours_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    with pytest.raises(encryption.NoMasterKey):
        encryption.load_master_key(path)
    key = encryption.load_master_key(path, create=True)
    assert encryption.load_master_key(path, create=True) == key
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(encryption.NoMasterKey, match="0644"):
        encryption.load_master_key(path)
    path.chmod(0o600)
    path.write_bytes(b"short")
    with pytest.raises(encryption.NoMasterKey, match="32 bytes"):
        encryption.load_master_key(path)
