"""Bytes that people upload and that we produce: checked, scanned, encrypted, stored outside the
database.

A file belongs to a draft and to the case that the draft becomes: both have the same id and key. An
upload is what has come so far of a file that arrives in pieces (tus); it becomes the file of the
same id.
"""
