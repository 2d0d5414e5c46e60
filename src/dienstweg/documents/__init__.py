"""PDFs that a case produces: the receipt, the decision.

Ordered in the transaction that wants them, typeset by a worker, kept under the case's key.
"""
