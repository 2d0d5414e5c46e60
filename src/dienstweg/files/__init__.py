"""Bytes that people upload and that we produce: checked, encrypted, stored outside the database.

A file belongs to a draft and to the case that the draft becomes: both have the same id and key.
"""
