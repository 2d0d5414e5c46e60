"""Doubles of foreign systems: programs of their own, which can be told to misbehave.

They share no code with the adapters, so that a misunderstanding of a protocol is not made twice.
What they have taken and said stands in a ledger, a file of JSON lines written to disk before every
answer, which survives their death and can be compared with our database afterwards.
"""
