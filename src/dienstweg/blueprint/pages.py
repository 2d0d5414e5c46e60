"""The assistant's front door for other rooms: what applicants see, and what they do."""

from dienstweg.blueprint.applying import application, ending, first_problem, from_application
from dienstweg.blueprint.asking import matches
from dienstweg.blueprint.entries import add_item, drop_file, is_blank, put_file, remove_item
from dienstweg.blueprint.reviewing import summary
from dienstweg.blueprint.taking import take
from dienstweg.blueprint.viewing import UnknownPage, view, visible_pages
from dienstweg.blueprint.ways import backward, first_open, next_page, onward, previous_page

__all__ = [
    "UnknownPage",
    "add_item",
    "application",
    "backward",
    "drop_file",
    "ending",
    "first_open",
    "first_problem",
    "from_application",
    "is_blank",
    "matches",
    "next_page",
    "onward",
    "previous_page",
    "put_file",
    "remove_item",
    "summary",
    "take",
    "view",
    "visible_pages",
]
