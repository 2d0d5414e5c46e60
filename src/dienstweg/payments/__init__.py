"""Money that a case costs: asked for, opened at a payment platform, settled exactly once.

The platform's own word is the only one that counts: a browser that returns from it proves nothing,
so every return, every schedule and every call of the platform ends in the same question to it.
A failed or cancelled payment can be repeated; an answer that comes late finds the attempt that it
belongs to.
"""
