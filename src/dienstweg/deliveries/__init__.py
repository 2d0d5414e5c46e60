"""Handing a case over to the back office of its authority, and hearing back from it.

Exactly once needs the receiver: we promise at least once, in order within a case, under a key that
never changes; the connector says how the receiver tells a repeat from something new, and its
signed receipt proves that it has taken the delivery. A delivery is never dropped: retries go on
without end, the authority is told in steps, and after 14 days a person decides.
"""
