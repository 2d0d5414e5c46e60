"""The file field: what is attached and how it stands, and an upload of its own."""

import json
from collections.abc import Sequence

from django.utils.safestring import SafeString

from dienstweg.design.markup import classes, h, icon, join
from dienstweg.design.parts import described_by, error_of, hint_of, identifier, label_of, purpose_of
from dienstweg.design.question import Attached, Field, Halted
from dienstweg.design.words import say

PHOTOS = {"image/jpeg", "image/png"}
"""Types of a field that takes photos: a phone may take one for it."""
WEBP = ",image/webp"
"""Photos of this type are drawn anew as one of the others."""
SCRIPT_WORDS = (
    "progress", "done", "interrupted", "resume", "again", "cancel", "hide", "too_large", "failed",
    "wait", "camera", "uploads",
)  # fmt: skip
_LEFT_TO_SCRIPT = {name: f"{{{name}}}" for name in ("name", "percent", "limit")}


def file_field(
    field: Field,
    lang: str,
    files: Sequence[Attached],
    url: str,
    halted: Sequence[Halted] = (),
) -> SafeString:
    """Return what is attached, and an upload with a button of its own.

    The button sends the page to ``url``, so that a file that is too large or broken never costs
    what was typed beside it. With script the files go to the same address in pieces (tus), several
    at once; ``design/uploads.js`` reads what it needs from the attributes here.
    """
    hint, error = hint_of(field, lang), error_of(field, lang)
    text, optional = label_of(field, lang)
    described = described_by(field, hint, error)
    room = not files or bool(field.multiple)
    pieces = [
        h("label", {"class": "kern-label", "for": identifier(field.name)}, text, optional)
        if room
        else h("p", {"class": "kern-label"}, text, optional),
        hint,
        _attached(field, lang, files, url),
        _halted(lang, halted, url),
        h("div", {"class": "dw-uploads", "data-uploads": True}),
    ]
    if room:
        pieces += [_chooser(field, described), _upload_button(field, lang, url)]
    return h(
        "div",
        {
            "class": classes("kern-form-input dw-file", error and "kern-form-input--error"),
            "id": f"{identifier(field.name)}-dateien",
            "data-file-field": field.name,
            "data-tus": url or None,
            "data-words": _words(lang),
        },
        *pieces,
        error,
        purpose_of(field, lang),
    )


def _words(lang: str) -> str:
    """Return what the script says, with places that it fills."""
    said = {one: str(say(lang, f"design.file.{one}", **_LEFT_TO_SCRIPT)) for one in SCRIPT_WORDS}
    return json.dumps(said, ensure_ascii=False)


def _chooser(field: Field, described: str | None) -> SafeString:
    accept = field.accept or ""
    takes_photos = bool(PHOTOS & set(accept.split(",")))
    return h(
        "input",
        {
            "type": "file",
            "class": "kern-form-input__input",
            "id": identifier(field.name),
            "name": f"datei-{field.name}",
            "accept": (accept + WEBP if takes_photos else accept) or None,
            "multiple": bool(field.multiple),
            "aria-describedby": described,
            "aria-invalid": "true" if field.error else None,
            "data-upload": f"{identifier(field.name)}-upload",
            "data-limit": field.max_bytes,
            "data-photo": takes_photos,
        },
    )


def _upload_button(field: Field, lang: str, url: str) -> SafeString:
    return h(
        "button",
        {
            "type": "submit",
            "class": "kern-btn kern-btn--secondary dw-file__button",
            "id": f"{identifier(field.name)}-upload",
            "name": "hochladen",
            "value": field.name,
            "formaction": url,
            "formenctype": "multipart/form-data",
        },
        icon("drive-folder-upload"),
        h("span", {"class": "kern-label"}, say(lang, "design.file.upload")),
    )


def _attached(field: Field, lang: str, files: Sequence[Attached], url: str) -> SafeString | None:
    if not files:
        return None
    rows = []
    for one in files:
        words = say(lang, "design.file.remove")
        remove = h(
            "button",
            {
                "type": "submit",
                "class": "kern-btn kern-btn--tertiary",
                "name": "entfernen",
                "value": f"{field.name}/{one.id}",
                "formaction": url,
                # Not by a hidden span: KERN takes a button with one for a mere icon.
                "aria-label": f"{words}: {one.name}",
            },
            icon("delete"),
            h("span", {"class": "kern-label"}, words),
        )
        text = f"{kind(one.media_type)}, {size(one.size, lang)}"
        label = h("span", {"class": "dw-file__name"}, one.name, f" ({text})")
        item = classes("dw-file__item", one.state == "refused" and "dw-file__item--refused")
        rows.append(
            h(
                "li",
                {"class": item, "data-state": one.state},
                icon("draft"),
                label,
                _state(one.state, lang),
                remove,
            )
        )
    return h("ul", {"class": "dw-file__list"}, join(rows))


def _halted(lang: str, halted: Sequence[Halted], url: str) -> SafeString | None:
    """Return the uploads that broke off; whoever chooses such a file again goes on where it was.

    Only a script can go on; without one the whole file is sent again.
    """
    if not halted:
        return None
    rows = [
        h(
            "li",
            {
                "class": "dw-upload",
                "data-halted": one.url,
                "data-name": one.name,
                "data-length": one.length,
                "data-offset": one.offset,
            },
            h("span", {"class": "dw-upload__name"}, one.name),
            h(
                "p",
                {"class": "dw-upload__state"},
                icon("autorenew" if one.lately else "warning"),
                h("span", None, _how_halted(one, lang)),
            ),
            None if one.lately else _drop(one, lang, url),
        )
        for one in halted
    ]
    return h("ul", {"class": "dw-upload__list dw-upload__list--halted"}, join(rows))


def _how_halted(one: Halted, lang: str) -> str:
    word = "lately" if one.lately else "halted"
    return say(lang, f"design.file.{word}", percent=one.percent)


def _drop(one: Halted, lang: str, url: str) -> SafeString:
    """Return the button that forgets an upload: what may come in another window has none."""
    words = say(lang, "design.file.drop")
    return h(
        "div",
        {"class": "dw-upload__buttons"},
        h(
            "button",
            {
                "type": "submit",
                "class": "kern-btn kern-btn--tertiary",
                "name": "verwerfen",
                "value": one.id,
                "formaction": url,
                "aria-label": f"{words}: {one.name}",
            },
            h("span", {"class": "kern-label"}, words),
        ),
    )


def _state(state: str, lang: str) -> SafeString:
    """Return how the check of a file stands, in words and never by colour alone."""
    signs = {"waiting": "autorenew", "refused": "danger"}
    return h(
        "span",
        {"class": f"dw-file__state dw-file__state--{state}"},
        icon(signs.get(state, "success")),
        h("span", None, say(lang, f"design.file.state.{state}")),
    )


def kind(media_type: str) -> str:
    """Return a media type as people know it: ``"PDF"``, ``"JPEG"``."""
    return media_type.rpartition("/")[2].upper()


def size(number: int, lang: str) -> str:
    """Return a number of bytes as people write it: ``"340 KB"``, ``"1,2 MB"``."""
    if number < 1_000_000:
        return f"{max(1, round(number / 1000))} KB"
    text = f"{number / 1_000_000:.1f} MB"
    return text.replace(".", ",") if lang == "de" else text
