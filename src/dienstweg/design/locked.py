"""A value that is verified, or not open in a correction: read, with why it cannot be changed."""

from collections.abc import Iterator

from django.utils.safestring import SafeString

from dienstweg.design.markup import h, icon, join
from dienstweg.design.parts import identifier, purpose_of, source_of
from dienstweg.design.question import Field
from dienstweg.design.words import say


def locked(field: Field, lang: str) -> SafeString:
    """Return label, value and reason of a locked answer; nothing of it is sent again.

    A verified one says where it came from; any other is not what is to be corrected.
    """
    lines = list(_lines(field)) or ["–"]
    why = "design.field.locked" if field.source else "design.field.kept"
    pieces: list[SafeString | str] = []
    for line in lines:
        pieces += [h("br"), line] if pieces else [line]
    return h(
        "div",
        {"class": "dw-locked", "id": identifier(field.name)},
        h("p", {"class": "kern-label"}, field.label),
        h("p", {"class": "kern-body dw-locked__value", "translate": "no"}, join(pieces)),
        source_of(field),
        h(
            "p",
            {"class": "dw-locked__why"},
            icon("success" if field.source else "info"),
            h("span", {}, say(lang, why)),
        ),
        purpose_of(field, lang) if field.source else None,
    )


def _lines(field: Field) -> Iterator[str]:
    """Yield the value in lines: of a composed answer one for each part that is filled in."""
    if field.parts:
        for part in field.parts:
            words = ", ".join(_lines(part))
            if words:
                yield words if part.widget == "row" else f"{part.label}: {words}"
        return
    chosen = [one.label for one in field.options if one.selected]
    if chosen:
        yield from chosen
    elif isinstance(field.value, (list, tuple)):
        yield from (str(one) for one in field.value if one)
    elif field.value:
        yield f"{field.value} €" if field.widget == "money" else str(field.value)
