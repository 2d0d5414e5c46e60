"""The entrance: found by people and by search engines."""

import json
import re

import pytest

pytestmark = pytest.mark.django_db


def test_the_home_page_lists_services_by_subject(applicant):
    page = applicant.open("/")
    assert page.status == 200
    assert "Hausbewohner anmelden" in page.html
    assert "/leistungen/hausbewohner" in page.links


@pytest.mark.parametrize(
    "text", ["hausbewohner", "HAUSBEWOHNER", "hausbewoner", "umzug", "strasse"]
)
def test_the_search_forgives(applicant, text):
    assert "/leistungen/hausbewohner" in applicant.open(f"/suche?suche={text}").links


@pytest.mark.parametrize("text", ["", "quark", "<script>alert(1)</script>", "x" * 500])
def test_a_search_without_result_helps(applicant, text):
    page = applicant.open(f"/suche?suche={text}")
    assert page.status == 200
    assert "<script>alert" not in page.html


def test_the_service_page_speaks_to_search_engines(applicant):
    html = applicant.open("/leistungen/hausbewohner").html
    assert '<link rel="canonical" href="http://kranichsee.localhost:8000/leistungen/' in html
    assert '<meta name="description" content="Für alle, die neu einziehen.">' in html
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', html, re.S)[1])
    assert data["@type"] == "GovernmentService"
    assert data["name"] == "Hausbewohner anmelden"


def test_the_service_page_tells_of_data_protection_before_the_first_entry(applicant):
    page = applicant.open("/leistungen/hausbewohner")
    assert "/datenschutz" in page.links
    assert "jederzeit unterbrechen" in page.html


def test_english_pages_speak_english(applicant):
    html = applicant.open("/leistungen/hausbewohner?lang=en").html
    assert '<html lang="en">' in html
    assert "Register residents" in html
    assert "Begin application" in html


def test_the_sitemap_lists_the_services(applicant):
    html = applicant.open("/sitemap.xml").html
    assert "<loc>http://kranichsee.localhost:8000/leistungen/hausbewohner</loc>" in html


@pytest.mark.parametrize("path", ["/impressum", "/datenschutz", "/barrierefreiheit", "/hilfe"])
def test_legal_pages_are_there(applicant, path):
    assert applicant.open(path).status == 200


@pytest.mark.parametrize("path", ["/leistungen/gibt-es-nicht", "/leistungen/x/beginnen"])
def test_unknown_services_are_not_found(applicant, path):
    assert applicant.open(path).status in {404, 405}
    assert applicant.client.post(path, {}).status_code in {404, 405}


def test_personal_pages_are_kept_out_of_search_engines_and_caches(applicant):
    applicant.begin()
    assert '<meta name="robots" content="noindex">' in applicant.page.html
    response = applicant.client.get(applicant.page.url)
    assert response.headers["Cache-Control"] == "no-store"
