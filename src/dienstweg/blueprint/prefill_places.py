"""What a link and an account may fill in: by a link's parameters, by purposes (`prefilling`)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import judging, reading
from dienstweg.blueprint.assistant import Field
from dienstweg.blueprint.prefilling import ACCOUNT, LINK, LONGEST_TEXT, by_part, may_fill

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

MOST_PARAMETERS = 60
STREET = "address-line1"
HOUSE_NUMBER = "house-number"
"""The purpose of a house number that is asked beside its street: HTML has no token for it."""


def parameter(release: "Release", name: str) -> tuple[Field, str] | None:
    """The field that a link's parameter is for, and the part ("" for the whole); None for neither.

    A parameter is named like its field, or like one of its parts: "anschrift-plz".
    """
    field = release.assistant.field.get(name)
    if field is not None:
        return field, ""
    above, _, part = name.rpartition("-")
    field = release.assistant.field.get(above)
    return (field, part) if field is not None and field.part(part) is not None else None


def from_parameters(
    release: "Release", parameters: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The values (by pointer) in a link's parameters, and the names that cannot be used.

    A parameter is named like its field or its part, and read as if it had been typed. Repeated
    groups are not filled by links. What is no field of the assistant is not ours (a campaign's
    mark) and ignored.
    """
    values: dict[str, Any] = {}
    unusable: list[str] = []
    parts: dict[str, dict[str, list[str]]] = {}
    for name in list(parameters)[:MOST_PARAMETERS]:
        known = parameter(release, name)
        texts = [text for text in parameters[name] if text.strip()]
        if known is None or not texts or known[0].at is None or not known[0].is_input:
            continue
        field, part = known
        in_group = release.assistant.page[field.page].repeat is not None
        if in_group or not may_fill(field, LINK) or any(map(_too_long, texts)):
            unusable.append(name)
        elif part and by_part(field):
            parts.setdefault(field.id, {})[part] = texts
        elif (value := _value(field, texts)) is not None:
            values["/" + "/".join(known[0].at)] = value
        else:
            unusable.append(name)
    for id, typed in parts.items():
        field = release.assistant.field[id]
        read = reading.read(field, typed)
        unusable += [f"{id}-{part}" for part in read.unread]
        if read.value:
            values["/" + "/".join(field.at or ())] = read.value
    return values, tuple(unusable)


def _value(field: Field, texts: list[str]) -> Any:
    """What a parameter says, if it is understood and fits."""
    read = reading.read(field, texts)
    if read.code or read.value is None or judging.value_fault(field, read.value):
        return None
    return read.value


def _too_long(text: str) -> bool:
    return len(text) > LONGEST_TEXT


def wanted(release: "Release") -> dict[str, str]:
    """What an account may know: the pointer of each place -> its purpose (WCAG 2.2, section 7).

    The purposes are the HTML autocomplete tokens ("given-name", "postal-code"), which a blueprint
    only gives to questions about the applicant; `HOUSE_NUMBER` besides. The parts of every address
    and person have tokens: whose they are, the blueprint says (`prefill: [account]`). Repeated
    groups are about others.
    """
    found: dict[str, str] = {}
    for page, field in release.assistant.fields():
        if page.repeat is not None or not may_fill(field, ACCOUNT):
            continue
        assert field.at is not None, "what may be filled has a place"
        place = "/" + "/".join(field.at)
        if by_part(field) is None and field.autocomplete not in (None, "off"):
            found[place] = str(field.autocomplete)
        elif by_part(field) is not None and ACCOUNT in field.prefill:
            found |= {f"{place}/{part.key}": token for part, token in _tokens(field.parts)}
    for place in [place for place, token in found.items() if token == STREET]:
        number = place.rpartition("/")[0] + "/hausnummer"
        if number not in found and number in _inputs(release):
            found[number] = HOUSE_NUMBER
    return found


def _tokens(parts: Sequence[Field]) -> Iterator[tuple[Field, str]]:
    """The parts about the applicant, with their tokens."""
    for part in parts:
        if part.autocomplete not in (None, "off") and part.schema.get("const") is not True:
            yield part, str(part.autocomplete)


def _inputs(release: "Release") -> set[str]:
    """The pointers of all questions outside of repeated groups, parts included."""
    found: set[str] = set()
    for page, field in release.assistant.fields():
        if page.repeat is None and field.at is not None and may_fill(field, ACCOUNT):
            found.add("/" + "/".join(field.at))
            found |= {"/".join(("", *field.at, part.key)) for part in field.parts}
    return found
