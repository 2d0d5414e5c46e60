"""Uploads that broke off with the page: named where their file is asked, so that they go on."""

from collections.abc import Mapping, Sequence

from dienstweg.assistants.queries import DraftView
from dienstweg.blueprint.views import Entry, FieldView
from dienstweg.design.question import Halted
from dienstweg.files import queries as files
from dienstweg.portal.doors import Key


def of_page(
    key: Key, draft: DraftView, fields: Sequence[FieldView], entry: Entry
) -> Mapping[str, Sequence[Halted]]:
    """Return what has come in part for the questions of a page, by their names.

    Asked only where the page asks for files.
    """
    names = {"/".join((one.id, *map(str, entry))): one.name for one in fields if _takes(one)}
    found: dict[str, list[Halted]] = {}
    for card in files.uploads(draft.owner_id, key=draft.key) if names else ():
        if card.place in names:
            address = key.url("tus", upload_id=card.id)
            found.setdefault(names[card.place], []).append(
                Halted(str(card.id), address, card.name, card.length, card.offset, card.lately)
            )
    return found


def _takes(field: FieldView) -> bool:
    return field.widget == "file" and not field.locked and (field.multiple or not field.files)
