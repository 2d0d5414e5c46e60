"""PDFs that a case produces: the receipt, the decision, and what it would look like before.

Ordered in the transaction that wants them, typeset by a worker, sealed where the authority has a
seal, kept under the case's key, and verified by anybody who holds one.
"""
