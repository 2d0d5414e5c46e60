"""Addresses of the portal; German, since people read them."""

from django.urls import path

from dienstweg.portal.views import (
    assistant,
    cases,
    contact,
    drafts,
    entrance,
    feedback,
    legal,
    paper,
    lookups,
    payment,
    sending,
    uploads,
)

app_name = "portal"
urlpatterns = [
    path("", entrance.home, name="home"),
    path("suche", entrance.search, name="search"),
    path("sitemap.xml", entrance.sitemap, name="sitemap"),
    path("leistungen/<slug:slug>", entrance.service, name="service"),
    path("leistungen/<slug:slug>/beginnen", drafts.begin, name="begin"),
    path("leistungen/<slug:slug>/papier", paper.empty, name="empty_paper"),
    path("leistungen/<slug:slug>/papier.pdf", paper.empty_file, name="empty_paper_file"),
    path("fortsetzen", drafts.resume, name="resume"),
    path("antrag/<uuid:draft_id>/", drafts.enter, name="draft"),
    path("antrag/<uuid:draft_id>/pause", drafts.pause, name="pause"),
    path("antrag/<uuid:draft_id>/verwerfen", drafts.discard, name="discard"),
    path("antrag/<uuid:draft_id>/papier", paper.filled, name="paper"),
    path("antrag/<uuid:draft_id>/papier.pdf", paper.filled_file, name="paper_file"),
    path("antrag/<uuid:draft_id>/kontakt", contact.contact, name="contact"),
    path("antrag/<uuid:draft_id>/kontakt/code", contact.confirm, name="confirm_contact"),
    path("antrag/<uuid:draft_id>/zusammenfassung", sending.summary, name="summary"),
    path("antrag/<uuid:draft_id>/absenden", sending.submit, name="submit"),
    path("antrag/<uuid:draft_id>/abgeschickt", sending.sent, name="sent"),
    path("antrag/<uuid:draft_id>/anlage", uploads.upload, name="upload"),
    path("antrag/<uuid:draft_id>/<slug:page>", assistant.page, name="page"),
    path("antrag/<uuid:draft_id>/<slug:page>/<int:index>", assistant.page, name="item"),
    path(
        "antrag/<uuid:draft_id>/<slug:page>/<int:index>/<int:inner>", assistant.page, name="inner"
    ),
    path("antrag/<uuid:draft_id>/auswahl/<slug:field>", lookups.choices, name="choices"),
    path("strassen", lookups.streets, name="streets"),
    path("vorgang", cases.enter, name="case_enter"),
    path("vorgang/<str:number>", cases.case, name="case"),
    path("vorgang/<str:number>/dokument/<uuid:document_id>", cases.document, name="document"),
    path("vorgang/<str:number>/zuruecknehmen", cases.withdraw, name="withdraw"),
    path("vorgang/<str:number>/verlassen", cases.leave, name="leave"),
    path("vorgang/<str:number>/bezahlen", payment.pay, name="pay"),
    path("zahlung/<uuid:payment_id>", payment.back, name="payment_back"),
    path("zahlung/zurueck/<uuid:payment_id>", payment.back),
    path("code-vergessen", cases.code_lost, name="code_lost"),
    path("impressum", legal.imprint, name="imprint"),
    path("datenschutz", legal.privacy, name="privacy"),
    path("barrierefreiheit", legal.accessibility, name="accessibility"),
    path("hilfe", legal.help_page, name="help"),
    path("rueckmeldung", feedback.feedback, name="feedback"),
    path("rueckmeldung/danke", feedback.thanks, name="feedback_sent"),
]
