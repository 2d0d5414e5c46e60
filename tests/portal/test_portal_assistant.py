"""The assistant: saved on every page, nothing lost, nothing skipped."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applicant import Applicant, Page

pytestmark = pytest.mark.django_db


def test_errors_stand_at_the_field_and_in_the_summary(applicant):
    applicant.begin()
    page = applicant.send(name="", haustier="false", weiter="weiter")
    assert page.status == 422
    assert page.title.startswith("Fehler:")
    assert 'href="#feld-name"' in page.html
    assert 'aria-invalid="true"' in page.html


def test_forward_and_back_lose_nothing(applicant):
    applicant.begin()
    applicant.send(name="Ada", haustier="false", weiter="weiter")
    assert applicant.page.heading == "Nachweise"
    applicant.send(weiter="zurueck")
    assert applicant.page.form()["fields"]["name"] == ["Ada"]


def test_back_keeps_what_is_wrong(applicant):
    applicant.begin()
    applicant.send(name="A" * 60, haustier="false", weiter="pause")
    applicant.open(applicant.draft + "/person")
    assert applicant.page.form()["fields"]["name"] == ["A" * 60]


def test_conditions_add_and_remove_pages(applicant):
    applicant.begin()
    assert "von 4" in applicant.page.html
    applicant.send(name="Ada", haustier="true", weiter="weiter")
    assert applicant.page.heading == "Ihre Tiere"
    assert "von 5" in applicant.page.html


def test_repeating_groups_are_added_edited_and_removed(applicant):
    applicant.begin()
    applicant.send(name="Ada", haustier="true", weiter="weiter")
    applicant.send(hinzufuegen="1")
    assert applicant.page.url.endswith("/tiere/0")
    applicant.send(rufname="Bello", weiter="weiter")
    group = applicant.page.url
    assert group.endswith("/tiere")
    assert applicant.page.html.count("Bearbeiten") == 1
    applicant.send(hinzufuegen="1")
    applicant.send(rufname="Minka", weiter="weiter")
    assert applicant.page.html.count("Bearbeiten") == 2
    asked = applicant.send(eintrag_entfernen="0")
    assert asked.heading == "„Eintrag 1“ entfernen?"
    assert group in asked.links
    applicant.send()
    assert applicant.page.url == group
    assert applicant.open(f"{group}/0").form()["fields"]["rufname"] == ["Minka"]
    applicant.open(group)
    applicant.send(weiter="weiter")
    assert applicant.page.heading == "Nachweise"


def test_an_empty_group_that_needs_an_entry_says_so(applicant):
    applicant.begin()
    applicant.send(name="Ada", haustier="true", weiter="weiter")
    page = applicant.send(weiter="weiter")
    assert page.status == 422


def test_no_step_can_be_skipped(applicant):
    applicant.begin()
    draft = applicant.draft
    assert applicant.open(f"{draft}/zusammenfassung").heading == "Wer sind Sie?"
    assert applicant.open(f"{draft}/tiere").heading == "Wer sind Sie?"
    response = applicant.client.post(f"{draft}/absenden", {"bestaetigt": "ja"})
    assert response.status_code == 303
    assert response.headers["Location"].startswith(f"{draft}/person")


def test_two_windows_are_told_of_each_other(applicant):
    applicant.begin()
    first, second = Applicant(), Applicant()
    first.client.cookies = second.client.cookies = applicant.client.cookies
    address = applicant.page.url
    first.open(address)
    second.open(address)
    first.send(name="Ada", haustier="false", weiter="weiter")
    page = second.send(name="Grace", haustier="false", weiter="weiter")
    assert page.status == 409
    assert "in einem anderen Fenster" in page.html
    assert "Ada" in page.html
    assert page.form()["fields"]["name"] == ["Grace"]
    assert second.send(weiter="weiter").heading == "Nachweise"


def test_typing_is_saved_quietly(applicant):
    applicant.begin()
    body = {**applicant.page.form()["fields"], "name": "Ada", "weiter": "merken"}
    response = applicant.client.post(
        applicant.page.url, body, headers={"x-dienstweg-autosave": "1"}
    )
    assert response.json()["version"] > int(body["version"][0])
    assert applicant.open(applicant.page.url).form()["fields"]["name"] == ["Ada"]


def test_uploads_stand_apart_and_keep_the_page(applicant, photo):
    applicant.begin()
    applicant.send(name="Ada", haustier="false", weiter="weiter")
    page = applicant.upload("nachweis", photo)
    assert page.status == 200
    assert "nachweis.png" in page.html
    remove = next(one for one in page.form()["buttons"] if one[0] == "entfernen")
    page = applicant.send(to=remove[2], entfernen=remove[1])
    assert "nachweis.png" not in page.html


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"%PDF-1.4 broken", b"\x89PNG broken"])
def test_bad_uploads_are_refused_at_the_field(applicant, content):
    applicant.begin()
    applicant.send(name="Ada", haustier="false", weiter="weiter")
    page = applicant.upload("nachweis", content)
    assert page.status == 422
    assert 'href="#feld-nachweis"' in page.html


def test_pressing_upload_without_a_file_says_so(applicant):
    applicant.begin()
    applicant.send(name="Ada", haustier="false", weiter="weiter")
    buttons = applicant.page.form()["buttons"]
    address = next(url for key, _, url in buttons if key == "hochladen")
    page = applicant.send(to=address, hochladen="nachweis")
    assert page.status == 422
    assert "wählen Sie zuerst eine Datei" in page.html


@pytest.mark.parametrize("field", ["gibt-es-nicht", "name"])
def test_a_file_for_a_question_that_takes_none_is_refused(applicant, photo, field):
    applicant.begin()
    applicant.send(name="Ada", haustier="false", weiter="weiter")
    buttons = applicant.page.form()["buttons"]
    address = next(url for key, _, url in buttons if key == "hochladen")
    chosen = {f"datei-{field}": SimpleUploadedFile("foto.png", photo)}
    page = applicant.send(to=address, files=chosen, hochladen=field)
    assert page.status == 422


@pytest.mark.usefixtures("remembering")
def test_a_page_costs_few_statements(applicant, django_assert_max_num_queries):
    applicant.begin()
    address, form = applicant.page.url, applicant.page.form()["fields"]
    with django_assert_max_num_queries(3):
        applicant.client.get(address)
    with django_assert_max_num_queries(6):
        applicant.client.post(address, {**form, "name": "Ada", "haustier": "false"})


def test_another_device_resumes_with_the_code(applicant):
    applicant.begin()
    applicant.send(name="Ada", haustier="false", weiter="pause")
    code = applicant.page.html.split('class="dw-code" translate="no">')[1].split("<")[0]
    phone = Applicant()
    phone.open("/fortsetzen")
    phone.send(code=code.lower().replace("-", " "))
    assert phone.page.heading == "Nachweise"
    assert "Hausbewohner anmelden" in phone.open("/fortsetzen").html


def test_wrong_codes_are_refused_and_soon_slowed_down(applicant):
    statuses = []
    for _ in range(7):
        applicant.open("/fortsetzen")
        statuses.append(applicant.send(code="FALSCH-FALSCH-00").status)
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_a_draft_without_its_cookie_is_not_opened(applicant):
    applicant.begin()
    stranger = Applicant()
    page = stranger.open(applicant.page.url)
    assert page.status == 404
    assert "Antrag fortsetzen" in page.html


@pytest.mark.parametrize("value", ["x", "a:b:c", "ü", "eyJ9:1:2", "x" * 5_000])
def test_forged_cookies_open_nothing(applicant, value):
    applicant.begin()
    stranger = Applicant()
    stranger.client.cookies["dw_antrag"] = value
    stranger.client.cookies["dw_vorgang"] = value
    assert stranger.open(applicant.page.url).status == 404
    assert stranger.open("/vorgang").status == 200


def test_discarding_asks_first_and_deletes(applicant):
    applicant.begin()
    draft = applicant.draft
    assert applicant.open(f"{draft}/verwerfen").heading == "Entwurf löschen?"
    applicant.send()
    assert applicant.page.heading == "Der Entwurf ist gelöscht"
    assert applicant.open(f"{draft}/person").status == 404


def test_drafts_of_another_authority_are_not_found(applicant, other_authority):
    applicant.begin()
    elsewhere = Applicant("moorwald.localhost")
    elsewhere.client.cookies = applicant.client.cookies
    assert elsewhere.open(applicant.page.url).status == 404


def test_pages_stand_in_the_language_that_was_chosen(applicant):
    applicant.begin()
    page: Page = applicant.open(applicant.page.url + "?lang=en")
    assert "Continue" in page.html
    assert "Step 1 of 4" in page.html
