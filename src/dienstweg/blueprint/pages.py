"""The assistant's front door for other rooms: what applicants see, and what they do."""

from dienstweg.blueprint.judging import application, first_problem, from_application
from dienstweg.blueprint.taking import (
    add_item,
    drop_file,
    first_open,
    next_page,
    previous_page,
    put_file,
    remove_item,
    take,
)
from dienstweg.blueprint.viewing import UnknownPage, summary, view, visible_pages

__all__ = [
    "UnknownPage",
    "add_item",
    "application",
    "drop_file",
    "first_open",
    "first_problem",
    "from_application",
    "next_page",
    "previous_page",
    "put_file",
    "remove_item",
    "summary",
    "take",
    "view",
    "visible_pages",
]
