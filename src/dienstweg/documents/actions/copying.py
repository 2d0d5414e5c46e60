"""Copies the documents of a case to another authority, with the codes that stand on them."""

from dienstweg.cases.actions import Copier
from dienstweg.documents.models import Document
from dienstweg.documents.places import data_place


def copy_documents(*, copier: Copier) -> int:
    """Copy what was written for a case; return how many documents that is.

    Where a document comes back to the authority that issued it, its code stays with the original.
    """
    rows = list(Document.objects.filter(case_id=copier.case_id).order_by("id"))
    with copier.there():
        codes = [row.code for row in rows if row.code]
        taken = set(Document.objects.filter(code__in=codes).values_list("code", flat=True))

    def change(old: Document, new: Document) -> None:
        new.code = "" if old.code in taken else old.code

    return len(
        copier.copy(
            rows,
            sealed={"data": lambda row: data_place(row.authority_id, row.id)},
            change=change,
        )
    )
