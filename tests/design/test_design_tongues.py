"""Words that are not translated: marked where they are read, and nowhere else."""

import pytest
from django.template import Context, Template

from dienstweg.design import tongues, words
from dienstweg.design.markup import bullets, h, letter, paragraphs
from dienstweg.kernel.language import Said

WORDS = Said("Weiter & <zurück>", "de")
MARK = 'lang="de" dir="ltr" data-untranslated'


def drawn(template: str, **context: object) -> str:
    html = Template("{% load design %}" + template).render(Context({"lang": "ar", **context}))
    return tongues.settle(html, "ar")


def test_an_element_says_the_language_of_its_only_words():
    html = h("label", {"for": "x"}, None, WORDS)
    assert html == f'<label for="x" {MARK}>Weiter &amp; &lt;zurück&gt;</label>'


def test_among_others_the_words_get_an_element_of_their_own():
    html = tongues.settle(h("p", {}, "1", WORDS), "ar")
    assert html == f"<p>1<span {MARK}>Weiter &amp; &lt;zurück&gt;</span></p>"


def test_a_template_marks_them_too():
    html = drawn("<h1>{{ title }}</h1>", title=WORDS)
    assert html == f"<h1><span {MARK}>Weiter &amp; &lt;zurück&gt;</span></h1>"


@pytest.mark.parametrize(
    "template",
    [
        '<a title="{{ title }}">x</a>',
        "<title>{{ title }}</title>",
        "<option>{{ title }}</option>",
        "<textarea>{{ title }}</textarea>",
    ],
)
def test_where_no_element_may_stand_there_is_none(template):
    html = drawn(template, title=WORDS)
    assert "span" not in html
    assert "Weiter &amp; &lt;zurück&gt;" in html
    assert not any(sign in html for sign in "\ue000\ue001\ue002")


def test_an_attribute_of_a_component_stays_plain():
    assert h("a", {"title": WORDS}) == '<a title="Weiter &amp; &lt;zurück&gt;"></a>'


@pytest.mark.parametrize("draw", [paragraphs, letter, bullets])
def test_longer_texts_are_marked_as_a_whole(draw):
    assert MARK in draw(Said("eins\n\nzwei", "de"))
    assert "lang" not in draw("eins\n\nzwei")


def test_one_notice_tells_of_all_that_is_not_translated():
    html = tongues.settle(f"{tongues.NOTICE}{h('p', {}, WORDS)}{h('p', {}, WORDS)}", "en")
    assert html.count("not translated yet") == 1
    assert "not translated yet" not in tongues.settle(f"{tongues.NOTICE}<p>Hello</p>", "en")


def test_what_people_type_marks_nothing():
    html = tongues.settle(h("p", {}, "\ue000javascript\ue001x\ue002 data-untranslated"), "de")
    assert "<span" not in html


def test_words_that_a_language_lacks_are_german_and_say_so():
    found = words.say("sw", "design.skip")
    assert isinstance(found, Said)
    assert found == words.say("de", "design.skip")
    assert not isinstance(words.say("de-x-leicht", "design.skip"), Said)
