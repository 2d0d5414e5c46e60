"""An assistant in Arabic: from right to left, with what is not translated in German and marked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from browsing import DESKTOP, NARROW, Person
from own_stage import Stage
from walking import ROOT

SLUG, TOWN = "parken-arabisch", "muehlbrueck"
LANDS_LATE = 40
"""Tries, half a second apart, until the running web processes have heard of a new offer."""
ARABIC = """
service:
  title: تصريح وقوف السيارات للسكان
  summary: اطلب عبر الإنترنت تصريح الوقوف في منطقتك.
  who: يمكن لكل من يسكن في منطقة وقوف مخصصة للسكان أن يقدم الطلب.
  cost: تعتمد الرسوم على مدة التصريح.
pages:
  person: {title: بياناتك الشخصية, intro: نحتاج إلى هذه البيانات لإصدار التصريح.}
  wohnung: {title: مكان سكنك}
fields:
  vorname: {label: الاسم الأول}
  nachname: {label: اسم العائلة, error: {required: يرجى إدخال اسم العائلة.}}
  geburtsdatum: {label: تاريخ الميلاد}
  wohnungsart: {label: هل هذا سكنك الرئيسي؟}
  strasse: {label: الشارع}
"""
EASY = """
service:
  title: Park-Ausweis
  summary: Mit dem Park-Ausweis dürfen Sie bei Ihrer Wohnung parken.
pages:
  person: {title: Ihre Daten, intro: Wir brauchen Ihren Namen.}
fields:
  vorname: {label: Ihr Vor-Name}
"""


@pytest.fixture(scope="module")
def service(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Offer the parking permit with Arabic texts and texts in Leichte Sprache."""
    folder = tmp_path_factory.mktemp("arabic") / "blueprint"
    shutil.copytree(ROOT / "leistungen" / "bewohnerparkausweis", folder)
    (folder / "texts" / "ar.yaml").write_text(ARABIC, encoding="utf-8")
    (folder / "texts" / "de-x-leicht.yaml").write_text(EASY, encoding="utf-8")
    manifest = folder / "blueprint.yaml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("id: bewohnerparkausweis", f"id: {SLUG}", 1), encoding="utf-8")
    stage.dienstweg(
        *("offer", "add", "--authority", TOWN, "--blueprint", str(folder), "--slug", SLUG),
        *("--connection", "fachverfahren", "--payment", "kasse"),
    )
    return SLUG


def _open(someone: Person, path: str) -> None:
    for _ in range(LANDS_LATE):
        someone.go(path)
        if someone.page.locator('form[action$="/beginnen"]').count():
            return
        someone.page.wait_for_timeout(500)
    raise AssertionError("the offer does not come")


def _look(someone: Person, name: str) -> None:
    if folder := os.environ.get("LOOK"):
        someone.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["1280", "320"])
def test_arabic_runs_from_right_to_left(
    person: Callable[..., Person], service: str, size: dict[str, int]
) -> None:
    someone = person(TOWN, viewport=size)
    _open(someone, f"/leistungen/{service}")
    someone.page.get_by_role("link", name="العربية").click()
    someone.page.wait_for_url("**lang=ar**")
    assert someone.page.evaluate("document.documentElement.dir") == "rtl"
    assert someone.page.locator(".dw-untranslated").count() == 1
    someone.inspect()
    _look(someone, f"ar-service-{size['width']}")
    someone.page.locator('form[action$="/beginnen"] button').click()
    someone.at("/person")
    assert someone.heading == "بياناتك الشخصية"
    someone.onward()
    someone.inspect()
    _look(someone, f"ar-errors-{size['width']}")
    assert "يرجى إدخال اسم العائلة." in someone.text
    someone.fill_in({"vorname": "ليلى", "nachname": "Müller", "geburtsdatum": "1.2.1990"})
    assert someone.field("vorname").get_attribute("dir") == "auto"
    assert someone.field("geburtsdatum").get_attribute("dir") == "ltr"
    someone.onward()
    someone.at("/wohnung")
    someone.inspect()
    _look(someone, f"ar-choices-{size['width']}")
    assert _starts_right(someone, "label[for=feld-strasse]")
    german = someone.page.locator("label[for=feld-hausnummer]")
    assert (german.get_attribute("lang"), german.get_attribute("dir")) == ("de", "ltr")


def _starts_right(someone: Person, selector: str) -> bool:
    """Tell whether an element's words stand at the right edge of their question."""
    found = someone.page.evaluate(
        """css => {
          const label = document.querySelector(css);
          const range = document.createRange();
          range.selectNodeContents(label);
          const words = range.getBoundingClientRect();
          const around = label.parentElement.getBoundingClientRect();
          return [around.right - words.right, words.left - around.left];
        }""",
        selector,
    )
    return bool(found[0] < found[1])


def test_leichte_sprache_is_one_click_away_on_every_page(
    person: Callable[..., Person], service: str
) -> None:
    someone = person(TOWN)
    _open(someone, f"/leistungen/{service}")
    someone.page.locator('form[action$="/beginnen"] button').click()
    someone.at("/person")
    someone.page.get_by_role("link", name="Leichte Sprache").click()
    someone.page.wait_for_url("**lang=de-x-leicht**")
    assert someone.heading == "Ihre Daten"
    assert "noch nicht in Leichter Sprache" in someone.text
    assert "Ihr Vor-Name" in someone.text
    someone.inspect()
    _look(someone, "leicht")
    someone.fill_in({"vorname": "Ida", "nachname": "Müller", "geburtsdatum": "1.2.1990"})
    someone.onward()
    someone.at("/wohnung")
    assert someone.page.evaluate("document.documentElement.lang") == "de-x-leicht"
    someone.page.get_by_role("link", name="Deutsch").click()
    someone.page.wait_for_url("**lang=de")
    assert someone.page.locator(".dw-untranslated").count() == 0
