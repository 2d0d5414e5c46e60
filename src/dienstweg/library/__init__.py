"""Shared blueprints: every release that any authority uses, kept under its SHA-256 for ever.

Shared by all authorities, since a release holds nothing about people: cases of years ago still
find the release they began under.
"""
