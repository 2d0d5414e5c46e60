"""One table: when this happened, then these jobs follow.

Facts travel up through this page only; calls go down. A job is named ``room.verb`` and stands in
that room's ``reactions.py``.
"""

from collections.abc import Mapping, Sequence

from dienstweg.accounts.facts import RolesChanged
from dienstweg.cases.facts import (
    AttachmentRefused,
    CaseCorrected,
    CaseSigned,
    CaseSubmitted,
    CaseWithdrawn,
    CorrectionAnswered,
    CorrectionAsked,
    CorrectionWithdrawn,
    HandingOverOrdered,
    TaskCompleted,
)
from dienstweg.deliveries.facts import BackofficeReported, DeliveryAccepted, DeliveryRefused
from dienstweg.documents.facts import DocumentWritten
from dienstweg.events.facts import Fact
from dienstweg.files.facts import FileRefused, FileReleased
from dienstweg.offers.facts import OfferWentLive, OfferWithdrawn
from dienstweg.payments.facts import PaymentSettled, RefundDone
from dienstweg.processes.facts import ArrivalNoted

AFTER: Mapping[type[Fact], Sequence[str]] = {
    OfferWentLive: (
        "catalogue.list_offer",
        "assistants.sweep",
        "cases.sweep",
        "processes.sweep",
        "documents.sweep",
        "files.sweep",
        "files.sweep_waiting",
        "mail.sweep",
        "records.sweep",
        "reception.sweep",
    ),
    OfferWithdrawn: ("catalogue.unlist_offer",),
    CaseSubmitted: ("documents.write_receipt", "processes.after_submission"),
    CaseWithdrawn: ("processes.after_withdrawal",),
    CorrectionAsked: ("inbox.after_correction_asked", "processes.after_correction_asked"),
    CorrectionAnswered: ("processes.after_correction_ended",),
    CorrectionWithdrawn: ("inbox.after_correction_withdrawn", "processes.after_correction_ended"),
    CaseCorrected: (
        "documents.write_receipt",
        "cases.after_correction",
        "processes.after_correction",
    ),
    TaskCompleted: ("processes.after_task",),
    CaseSigned: ("processes.after_signatures",),
    HandingOverOrdered: ("processes.hand_over",),
    PaymentSettled: ("processes.after_payment",),
    DeliveryAccepted: ("processes.after_delivery",),
    DeliveryRefused: ("processes.after_refused_delivery",),
    RefundDone: ("processes.after_refund",),
    ArrivalNoted: ("processes.after_arrival",),
    BackofficeReported: ("processes.after_report",),
    DocumentWritten: ("processes.after_document",),
    FileReleased: ("deliveries.after_scan",),
    FileRefused: ("cases.after_refused_file", "deliveries.after_scan"),
    RolesChanged: ("cases.after_roles_changed",),
    AttachmentRefused: ("inbox.after_refused_attachment",),
}
