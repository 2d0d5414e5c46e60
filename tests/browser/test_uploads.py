"""Files at a real browser: several at once, a bar for each, through broken lines and the scan."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from PIL import Image

from applications import begin, parking, proof
from browsing import NARROW, PHONE, Person
from scanning import EICAR

if TYPE_CHECKING:
    from playwright.sync_api import Route

CHOOSER = 'input[name="datei-fahrzeugschein"]'
CALM = {"down": False, "slow": 0.0}
PIECE = 512 * 1024


@pytest.fixture
def someone(person: Callable[..., Person]) -> Person:
    return at_uploads(person("muehlbrueck"))


def at_uploads(someone: Person) -> Person:
    """Go through the assistant up to the page that asks for files."""
    begin(someone, "bewohnerparkausweis")
    answers = parking()
    for _ in range(10):
        if someone.page.locator(CHOOSER).count():
            return someone
        someone.fill_in(answers)
        someone.onward()
    raise AssertionError("no page asks for files")


def photo(name: str = "foto.png", side: int = 900) -> Any:
    """Return a photo of more than two pieces, as a file chooser gives it."""
    out = io.BytesIO()
    Image.effect_noise((side, side * 2), 90).save(out, "PNG")
    assert out.tell() > 2 * PIECE
    return {"name": name, "mimeType": "image/png", "buffer": out.getvalue()}


def infected() -> Any:
    """Return a PDF in which every scanner finds the test virus."""
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.Root.Note = document.make_stream(EICAR)
    document.save(out, compress_streams=False, deterministic_id=True)
    return {"name": "rechnung.pdf", "mimeType": "application/pdf", "buffer": out.getvalue()}


def choose(someone: Person, *files: Any) -> None:
    someone.page.locator(CHOOSER).set_input_files(list(files))


def attached(someone: Person, name: str) -> Any:
    return someone.page.locator(".dw-file__item", has_text=name)


def on_its_way(someone: Person, name: str) -> Any:
    return someone.page.locator(".dw-upload", has_text=name)


def forgive_lost_lines(someone: Person) -> None:
    """Drop what the console says of lines that the test itself has cut."""
    someone.troubles = [one for one in someone.troubles if "net::ERR_" not in one]


def test_several_files_come_at_once_and_are_checked(someone: Person) -> None:
    someone.page.locator(".dw-file__button").first.wait_for(state="hidden")
    choose(someone, proof("vorn.pdf"), photo("hinten.png"))
    for name in ("vorn.pdf", "hinten.png"):
        attached(someone, name).wait_for()
        attached(someone, name).get_by_text("geprüft", exact=True).wait_for()
    assert "PDF, 1 KB" in attached(someone, "vorn.pdf").inner_text()
    assert someone.page.locator(".dw-upload").count() == 0
    someone.inspect()
    someone.inspect_narrow()
    someone.picture("uploads-desktop")
    someone.onward()
    assert "gebuehr" in someone.path


def test_each_file_says_how_far_it_is_and_can_be_cancelled(someone: Person) -> None:
    held: list[Route] = []

    def hold_the_second(route: Route) -> None:
        offset = int(route.request.headers.get("upload-offset", "0"))
        if route.request.method == "PATCH" and offset:
            held.append(route)
        else:
            route.continue_()

    someone.page.route("**/anlage/*", hold_the_second)
    choose(someone, photo())
    line = on_its_way(someone, "foto.png")
    line.get_by_text("Prozent hochgeladen").wait_for()
    someone.page.wait_for_function("() => document.querySelector('.dw-upload progress').value > 20")
    bar = someone.page.get_by_role("progressbar", name="foto.png")
    assert bar.count() == 1
    someone.inspect()
    someone.inspect_narrow()
    someone.picture("upload-progress-desktop")
    line.get_by_role("button", name="Abbrechen: foto.png").click()
    line.wait_for(state="detached")
    assert attached(someone, "foto.png").count() == 0
    forgive_lost_lines(someone)


def test_a_broken_line_costs_no_piece_that_has_come(someone: Person) -> None:
    offsets: list[int] = []
    cuts = [3]

    def cut(route: Route) -> None:
        if route.request.method == "PATCH":
            offset = int(route.request.headers["upload-offset"])
            if offset and cuts[0]:
                cuts[0] -= 1
                route.abort("connectionreset")
                return
            offsets.append(offset)
        route.continue_()

    someone.page.route("**/anlage/*", cut)
    choose(someone, photo())
    on_its_way(someone, "foto.png").get_by_text("Die Verbindung ist unterbrochen").wait_for()
    someone.inspect()
    attached(someone, "foto.png").wait_for()
    assert cuts == [0]
    assert offsets == sorted(set(offsets)), "every piece has gone over the line once"
    assert offsets[:2] == [0, PIECE]
    forgive_lost_lines(someone)


def test_an_upload_goes_on_after_the_page_was_gone(someone: Person) -> None:
    offsets: list[int] = []
    gone = [True]

    def lose(route: Route) -> None:
        if route.request.method == "PATCH":
            offset = int(route.request.headers["upload-offset"])
            if offset and gone[0]:
                route.abort("connectionreset")
                return
            offsets.append(offset)
        route.continue_()

    someone.page.route("**/anlage/*", lose)
    taken = photo()
    choose(someone, taken)
    on_its_way(someone, "foto.png").get_by_text("Die Verbindung ist unterbrochen").wait_for()
    someone.page.reload()
    gone[0] = False
    line = on_its_way(someone, "foto.png")
    line.get_by_text("Wählen Sie dieselbe Datei noch einmal aus").wait_for()
    someone.inspect()
    someone.inspect_narrow()
    someone.picture("upload-broken-off-desktop")
    choose(someone, {**taken, "buffer": taken["buffer"][::-1]})
    someone.page.locator(".dw-upload--failed").wait_for()
    assert offsets[1] == 0, "another file of that name and length begins anew"
    offsets.clear()
    on_its_way(someone, "foto.png").get_by_role("button", name="Hinweis schließen").click()
    choose(someone, taken)
    attached(someone, "foto.png").wait_for()
    assert offsets[0] == PIECE, "what had come does not go over the line again"
    assert on_its_way(someone, "foto.png").count() == 0
    someone.onward()
    assert "gebuehr" in someone.path
    forgive_lost_lines(someone)


def test_whoever_is_offline_goes_on_when_the_net_is_back(someone: Person) -> None:
    def slowly(route: Route) -> None:
        someone.page.wait_for_timeout(50)
        route.continue_()

    someone.page.route("**/anlage/*", slowly)
    someone.context.set_offline(True)
    choose(someone, photo())
    line = on_its_way(someone, "foto.png")
    line.get_by_text("Die Verbindung ist unterbrochen").wait_for()
    assert line.get_by_role("button", name="Jetzt weiter hochladen").is_visible()
    someone.context.set_offline(False)
    attached(someone, "foto.png").wait_for()
    forgive_lost_lines(someone)


def test_what_is_refused_is_said_at_the_file_and_nothing_else_is_lost(someone: Person) -> None:
    choose(
        someone,
        {"name": "alles.zip", "mimeType": "application/zip", "buffer": b"PK\x03\x04" + b"0" * 99},
        {"name": "brief.docx", "mimeType": "", "buffer": b"PK\x03\x04word/document.xml" + b"0" * 9},
        proof("gut.pdf"),
    )
    attached(someone, "gut.pdf").wait_for()
    archive, letter = on_its_way(someone, "alles.zip"), on_its_way(someone, "brief.docx")
    archive.get_by_text("einzeln hoch").wait_for()
    letter.get_by_text("als PDF").wait_for()
    someone.inspect()
    someone.inspect_narrow()
    someone.picture("upload-refused-desktop")
    for line in (archive, letter):
        line.get_by_role("button", name="Hinweis schließen").click()
        line.wait_for(state="detached")
    assert attached(someone, "gut.pdf").count() == 1


def test_a_file_that_is_too_large_does_not_go_over_the_line(someone: Person) -> None:
    sent: list[str] = []
    someone.page.on("request", lambda request: sent.append(request.method))
    large = {"name": "gross.png", "mimeType": "image/png", "buffer": b"\x89PNG" + b"0" * 10_500_000}
    choose(someone, large)
    on_its_way(someone, "gross.png").get_by_text("höchstens 10 MB").wait_for()
    assert "POST" not in sent
    someone.inspect()


def test_a_file_waits_for_the_scanner_and_is_released_when_it_is_back(someone: Person) -> None:
    someone.stage.scanner.control(down=True)
    try:
        choose(someone, proof("wartet.pdf"))
        attached(someone, "wartet.pdf").get_by_text("wird geprüft").wait_for()
        someone.inspect()
    finally:
        someone.stage.scanner.control(**CALM)
    attached(someone, "wartet.pdf").get_by_text("geprüft", exact=True).wait_for(timeout=60_000)


def test_malware_is_said_without_a_reload_and_must_go(someone: Person) -> None:
    choose(someone, infected())
    item = attached(someone, "rechnung.pdf")
    item.get_by_text("Schadprogramm gefunden").wait_for(timeout=60_000)
    someone.inspect()
    someone.inspect_narrow()
    someone.picture("upload-malware-desktop")
    someone.page.reload()
    assert "rechnung.pdf" in someone.page.locator("#fehler, .kern-error").first.inner_text()
    someone.inspect()
    item.get_by_role("button", name="Entfernen: rechnung.pdf").click()
    item.wait_for(state="detached")


def test_going_on_waits_for_files_that_are_on_their_way(someone: Person) -> None:
    def slowly(route: Route) -> None:
        someone.page.wait_for_timeout(150)
        route.continue_()

    someone.page.route("**/anlage/*", slowly)
    choose(someone, photo())
    on_its_way(someone, "foto.png").wait_for()
    someone.onward()
    assert "gebuehr" in someone.path
    someone.press("Zurück")
    attached(someone, "foto.png").wait_for()


def test_a_phone_offers_its_camera(person: Callable[..., Person]) -> None:
    someone = at_uploads(person("muehlbrueck", viewport=PHONE, has_touch=True, is_mobile=True))
    camera = someone.page.get_by_role("button", name="Foto aufnehmen").first
    camera.wait_for()
    with someone.page.expect_file_chooser() as chosen:
        camera.click()
    taken = chosen.value.element
    assert taken.get_attribute("capture") == "environment"
    assert taken.get_attribute("accept") == "image/*"
    chosen.value.set_files([photo("kamera.png")])
    attached(someone, "kamera.png").get_by_text("geprüft", exact=True).wait_for()
    someone.page.set_viewport_size(NARROW)
    someone.inspect()
    someone.picture("upload-phone")


def test_without_script_the_plain_form_uploads(person: Callable[..., Person]) -> None:
    someone = at_uploads(person("muehlbrueck", java_script_enabled=False))
    choose(someone, proof("ohne.pdf"))
    someone.page.locator("#feld-fahrzeugschein-upload").click()
    attached(someone, "ohne.pdf").wait_for()
    assert someone.page.get_by_role("button", name="Foto aufnehmen").count() == 0
