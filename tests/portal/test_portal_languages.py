"""A service in the languages that its blueprint brings; what is missing is said in German."""

import pytest

import small_blueprint
from dienstweg.assistants.models import Draft
from dienstweg.authorities import scope
from dienstweg.blueprint import archive
from dienstweg.offers import actions as offers

pytestmark = pytest.mark.django_db

ARABIC = """
service: {title: "تسجيل السكان", summary: "لكل من ينتقل إلى سكن جديد."}
pages:
  person: {title: "من أنت؟"}
fields:
  name: {label: "اسمك"}
"""
EASY = """
service: {title: "Neu in der Wohnung", summary: "Sie ziehen um. Sagen Sie es uns."}
pages:
  person: {title: "Wer sind Sie?"}
"""


@pytest.fixture
def many(applicant, town):
    """An applicant in front of a service that also speaks Arabic and Leichte Sprache."""
    files = {
        **small_blueprint.files("1.1.0"),
        "texts/ar.yaml": ARABIC.encode(),
        "texts/de-x-leicht.yaml": EASY.encode(),
    }
    with scope.enter(scope.of(town)):
        offers.go_live(
            archive=archive.pack(files), settings={"payment": "kasse", "connection": "akte"}
        )
    return applicant


def lang_of_the_draft(town):
    with scope.enter(scope.of(town)):
        return Draft.objects.get().lang


def test_the_chooser_shows_what_the_service_has(many):
    html = many.open("/leistungen/hausbewohner").html
    assert 'hreflang="ar" dir="rtl">العربية</a>' in html
    assert 'hreflang="de-x-leicht" dir="ltr">Leichte Sprache</a>' in html
    assert "العربية" not in many.open("/").html


def test_a_page_from_right_to_left_marks_what_is_german(many):
    html = many.open("/leistungen/hausbewohner?lang=ar").html
    assert '<html lang="ar" dir="rtl">' in html
    assert "<h1" in html
    assert "تسجيل السكان" in html
    assert html.count('class="dw-untranslated"') == 1
    assert '<span lang="de" dir="ltr" data-untranslated>' in html


def test_the_assistant_goes_on_in_the_language_chosen(many, town):
    many.open("/leistungen/hausbewohner?lang=ar")
    page = many.begin()
    assert '<html lang="ar" dir="rtl">' in page.html
    assert page.heading == "من أنت؟"
    assert "التالي" in page.html
    assert 'lang="de" dir="ltr" data-untranslated>Haben Sie ein Haustier?</' in page.html
    assert lang_of_the_draft(town) == "ar"
    page = many.send(weiter="weiter")
    assert page.status == 422
    assert '<html lang="ar" dir="rtl">' in page.html
    many.send(name="ليلى", haustier="false", weiter="weiter")
    page = many.send(weiter="weiter")
    assert page.url.endswith("/kontakt")
    assert '<html lang="ar" dir="rtl">' in page.html


def test_leichte_sprache_is_german_for_letters(many, town):
    many.open("/leistungen/hausbewohner?lang=de-x-leicht")
    page = many.begin()
    assert '<html lang="de-x-leicht">' in page.html
    assert "noch nicht in Leichter Sprache" in page.html
    assert lang_of_the_draft(town) == "de"


def test_elsewhere_a_language_that_only_a_service_has_changes_nothing(many):
    many.open("/leistungen/hausbewohner?lang=ar")
    assert '<html lang="de">' in many.open("/").html
    assert '<html lang="ar" dir="rtl">' in many.open("/leistungen/hausbewohner").html


def test_the_browsers_language_is_enough(many):
    many.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ar-SY,ar;q=0.9,en;q=0.5"
    assert '<html lang="ar" dir="rtl">' in many.open("/leistungen/hausbewohner").html
    assert '<html lang="en">' in many.open("/").html


def test_a_fully_translated_page_has_no_notice(many):
    assert 'class="dw-untranslated"' not in many.open("/leistungen/hausbewohner").html
    assert 'class="dw-untranslated"' not in many.open("/leistungen/hausbewohner?lang=en").html
    many.open("/leistungen/hausbewohner?lang=en")
    page = many.begin()
    assert page.html.count('class="dw-untranslated"') == 1, "the questions are German only"


@pytest.mark.parametrize("wish", ["../../x", "<b>", "ar" * 20, "xx", "zz-ZZ", "en\r\nSet-Cookie:a"])
def test_a_language_that_is_none_is_nothing(many, wish):
    response = many.client.get("/leistungen/hausbewohner", {"lang": wish})
    assert '<html lang="de">' in response.content.decode()
    assert "dw_sprache" not in response.cookies
