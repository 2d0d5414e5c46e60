"""Writes: order documents, papers and previews, typeset and seal them, look for what never came."""

from dienstweg.documents.actions.copying import copy_documents
from dienstweg.documents.actions.papers import forget_papers, order_paper, print_paper
from dienstweg.documents.actions.previews import order_preview, render_preview
from dienstweg.documents.actions.sealing import check_seals, remove_seal, set_seal
from dienstweg.documents.actions.sweeping import SWEPT_EVERY, WRITTEN_WITHIN, sweep
from dienstweg.documents.actions.writing import RECEIPT, render, write, write_receipt

__all__ = [
    "RECEIPT",
    "SWEPT_EVERY",
    "WRITTEN_WITHIN",
    "check_seals",
    "copy_documents",
    "forget_papers",
    "order_paper",
    "order_preview",
    "print_paper",
    "remove_seal",
    "render",
    "render_preview",
    "set_seal",
    "sweep",
    "write",
    "write_receipt",
]
