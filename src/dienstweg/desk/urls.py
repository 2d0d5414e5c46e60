"""Addresses of the desk."""

from django.urls import path

from dienstweg.desk.views import (
    cases,
    corrections,
    deadlines,
    drafting,
    links,
    notes,
    parties,
    post,
    records,
    refunds,
    signing_in,
    tasks,
    troubles,
)

app_name = "desk"
urlpatterns = [
    path("", tasks.listing, name="tasks"),
    path("anmelden", signing_in.sign_in, name="sign_in"),
    path("abmelden", signing_in.sign_out, name="sign_out"),
    path("aufgaben/<uuid:task_id>/entscheiden", tasks.decide, name="decide"),
    path("aufgaben/<uuid:task_id>/zuruecknehmen", tasks.undo, name="undo"),
    path("aufgaben/<uuid:task_id>/vorschau", drafting.preview, name="preview"),
    path("vorgaenge/<uuid:case_id>/vorschau/<uuid:preview_id>", drafting.draft, name="draft"),
    path("vorgaenge", cases.listing, name="cases"),
    path("vorgaenge/<uuid:case_id>", cases.show, name="case"),
    path("vorgaenge/<uuid:case_id>/anlagen/<uuid:file_id>", cases.attachment, name="attachment"),
    path("vorgaenge/<uuid:case_id>/anlagen/<uuid:file_id>/ansehen", cases.look, name="look"),
    path("vorgaenge/<uuid:case_id>/anlagen/<uuid:file_id>/inhalt", cases.content, name="content"),
    path("vorgaenge/<uuid:case_id>/akte", records.export, name="export"),
    path("vorgaenge/<uuid:case_id>/akte/<uuid:export_id>", records.archive, name="archive"),
    path("vorgaenge/<uuid:case_id>/drucken", cases.printed, name="print"),
    path("vorgaenge/<uuid:case_id>/nachfordern", corrections.ask, name="ask"),
    path(
        "vorgaenge/<uuid:case_id>/nachfordern/<uuid:correction_id>/zuruecknehmen",
        corrections.take_back,
        name="take_back",
    ),
    path("vorgaenge/<uuid:case_id>/notizen", notes.add, name="note"),
    path("vorgaenge/<uuid:case_id>/notizen/<uuid:note_id>", notes.correct, name="correct_note"),
    path("vorgaenge/<uuid:case_id>/dokumente/<uuid:document_id>", cases.document, name="document"),
    path("vorgaenge/<uuid:case_id>/beteiligte", parties.listing, name="parties"),
    path("vorgaenge/<uuid:case_id>/beteiligte/datei/<uuid:file_id>", parties.proof, name="proof"),
    path(
        "vorgaenge/<uuid:case_id>/beteiligte/<uuid:party_id>/erinnern",
        parties.remind,
        name="party_remind",
    ),
    path(
        "vorgaenge/<uuid:case_id>/beteiligte/<uuid:party_id>/entfernen",
        parties.remove,
        name="party_remove",
    ),
    path(
        "vorgaenge/<uuid:case_id>/beteiligte/<uuid:party_id>/eigene-person",
        parties.prove,
        name="party_prove",
    ),
    path(
        "vorgaenge/<uuid:case_id>/beteiligte/<uuid:party_id>/link",
        parties.send_link,
        name="party_link",
    ),
    path(
        "vorgaenge/<uuid:case_id>/beteiligte/<uuid:party_id>/brief",
        parties.letter,
        name="party_letter",
    ),
    path(
        "vorgaenge/<uuid:case_id>/beteiligte/<uuid:party_id>/verschickt",
        parties.posted,
        name="party_posted",
    ),
    path("post", post.listing, name="post"),
    path("post/<uuid:message_id>/erledigt", post.posted, name="posted"),
    path("fristen", deadlines.listing, name="deadlines"),
    path("stoerungen", troubles.listing, name="troubles"),
    path("vorgaenge/<uuid:case_id>/weiter", troubles.try_again, name="try_again"),
    path("erstattungen", refunds.listing, name="refunds"),
    path("erstattungen/<uuid:refund_id>/erledigt", refunds.done, name="refund_done"),
    path("anbindungen", links.listing, name="links"),
    path("uebergaben/<uuid:delivery_id>/nochmal", links.send_again, name="send_again"),
]
