"""A municipality that offers one small service. Django is not ready when this file is read."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from PIL import Image

from simulated import free_port

if TYPE_CHECKING:
    from applicant import Applicant

# Each test process has a port of its own; the one of the leading process is inherited.
os.environ["DJANGO_LIVE_TEST_SERVER_ADDRESS"] = f"127.0.0.1:{free_port()}"


@pytest.fixture
def town(authority: UUID, tmp_path: Any, settings: Any) -> Iterator[UUID]:
    """Give the id of a municipality whose service is live and listed."""
    import small_blueprint
    from dienstweg.authorities import scope
    from dienstweg.offers import actions as offers
    from working import work

    settings.DIENSTWEG_STRICT_WORDS = True
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.DIENSTWEG_ERASURES = tmp_path / "erasures.log"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with scope.enter(scope.of(authority)):
        offers.go_live(
            archive=small_blueprint.packed(), settings={"payment": "kasse", "connection": "akte"}
        )
        work("catalogue")
    _forget()
    yield authority
    _forget()


def _forget() -> None:
    from dienstweg.catalogue import queries as catalogue
    from dienstweg.offers import queries as offers

    offers.forget()
    catalogue.forget()


@pytest.fixture
def applicant(town: UUID) -> Applicant:
    """Give a browser at the municipality's host."""
    from applicant import Applicant

    return Applicant()


@pytest.fixture
def photo() -> bytes:
    """Give a small picture."""
    stream = io.BytesIO()
    Image.new("RGB", (20, 20), "navy").save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def at_summary(applicant: Applicant) -> Applicant:
    """Give an applicant who has answered everything and is to review it."""
    applicant.begin()
    applicant.send(name="Änne Ödegård", haustier="false", weiter="weiter")
    applicant.send(weiter="weiter")
    applicant.send(weg="post")
    assert applicant.page.heading == "Prüfen Sie Ihren Antrag"
    return applicant


@pytest.fixture
def submitted(at_summary: Applicant) -> Applicant:
    """Give an applicant who has just submitted."""
    at_summary.send(action="/absenden", bestaetigt="ja")
    assert at_summary.page.heading == "Ihr Antrag ist abgeschickt"
    return at_summary


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Give Debian's Chromium; without one, the test is reported as skipped."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.skip("no Chromium found")
    # Playwright keeps an event loop in this thread; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
