"""What an applicant is told of files in which the virus scan has found malware."""

from collections.abc import Iterable, Mapping

from dienstweg.assistants import queries as drafts
from dienstweg.assistants.queries import DraftView
from dienstweg.blueprint import pages as blueprint
from dienstweg.blueprint.views import Entry, FieldView
from dienstweg.design.words import say
from dienstweg.files import queries as files
from dienstweg.files.queries import FileCard
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers

REFUSED = "refused"


def page_of_refused(draft: DraftView) -> tuple[str, Entry] | None:
    """Return page and entry on which a refused file stands, if there is one: it must go first.

    Asked only where the answers name files. A file that waits for its scan holds up nothing.
    """
    if not drafts.ids_in(draft.answers):
        return None
    refused = {str(one) for one, state in files.states(draft.owner_id).items() if state == REFUSED}
    if not refused:
        return None
    sections = blueprint.summary(
        offers.release(draft.digest),
        dict(draft.answers),
        lang=draft.lang,
        today=draft.judged_on(clock.today()),
    )
    for section in sections:
        if any(refused & set(row.files) for row in section.rows):
            return section.page, section.entry
    return None


def errors(fields: Iterable[FieldView], cards: Mapping[str, FileCard], lang: str) -> dict[str, str]:
    """Return by HTML name what is wrong with fields that hold a refused file."""
    found = {}
    for field in fields:
        for one in field.files:
            card = cards.get(one)
            if card is not None and card.state == REFUSED:
                found[field.name] = say(lang, "portal.upload.refused_file", name=card.name)
    return found
