"""What machines may call: for now, back offices with news about what was handed to them.

A surface like the others: it translates HTTP into one call and the answer back into HTTP, with
problem details (RFC 9457) where something is refused.
"""
