"""The components as template tags: thin, so that templates and Python draw the same things."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from dienstweg.design import components, fields, frame, markup, words
from dienstweg.design.question import NO_MEANS, Attached, Fault, Field, Means

register = template.Library()

register.simple_tag(components.button, name="button")
register.simple_tag(components.link_button, name="link_button")
register.simple_tag(components.alert, name="alert")
register.simple_tag(components.badge, name="badge")
register.simple_tag(components.card, name="card")
register.simple_tag(components.details, name="details")
register.simple_tag(components.table, name="table")
register.simple_tag(components.timeline, name="timeline")
register.simple_tag(components.task_list, name="task_list")
register.simple_tag(components.description_list, name="description_list")
register.simple_tag(markup.icon, name="icon")
register.simple_tag(frame.asset, name="asset")
register.simple_tag(frame.assets, name="assets")
register.simple_tag(frame.coat, name="coat")
register.simple_tag(frame.stripe, name="stripe")
register.filter("paragraphs", markup.paragraphs)
register.filter("letter", markup.letter)
register.filter("bullets", markup.bullets)


def _lang(context: Context) -> str:
    return str(context.get("lang") or words.LANGUAGES[0])


@register.simple_tag(takes_context=True)
def say(context: Context, key: str, **values: object) -> str:
    """Return the words for ``key`` in the page's language."""
    return words.say(_lang(context), key, **values)


@register.simple_tag(takes_context=True)
def field(
    context: Context,
    view: Field,
    files: Sequence[Attached] = (),
    upload_url: str = "",
    means: Means = NO_MEANS,
) -> SafeString:
    """Return one form field."""
    return fields.render(view, _lang(context), files=files, upload_url=upload_url, means=means)


@register.simple_tag(takes_context=True)
def error_summary(context: Context, faults: Sequence[Fault]) -> SafeString:
    """Return all that is wrong with the page, linked to the fields."""
    return components.error_summary(faults, _lang(context))


@register.simple_tag(takes_context=True)
def progress(context: Context, step: int, steps: int) -> SafeString:
    """Return "Step 2 of 5"."""
    return components.progress(step, steps, _lang(context))


@register.simple_tag(takes_context=True)
def summary(
    context: Context, title: str, number: int, rows: Sequence[Any], href: str | None = None
) -> SafeString:
    """Return one section of the summary."""
    return components.summary(title, number, rows, href, _lang(context))


@register.simple_tag(takes_context=True)
def breadcrumb(context: Context, steps: Sequence[tuple[str, str | None]]) -> SafeString:
    """Return the way from the home page to here."""
    return components.breadcrumb(steps, _lang(context))


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: int, pages: int, query: str = "") -> SafeString:
    """Return links to the page before and after."""
    return components.pagination(page, pages, _lang(context), query)


@register.simple_tag(takes_context=True)
def frame_header(context: Context) -> SafeString:
    """Return what stands above every page."""
    nav = tuple((title, href) for title, href in context.get("nav") or ())
    languages = tuple(context.get("languages") or words.LANGUAGES)
    query = context.get("other_query") or ""
    return frame.header(context["look"], _lang(context), nav, query, languages)


@register.simple_tag(takes_context=True)
def frame_footer(context: Context) -> SafeString:
    """Return what stands below every page."""
    return frame.footer(context["look"], _lang(context))
