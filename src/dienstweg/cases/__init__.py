"""Submitted applications on their way through the authority, from submission to closing.

A case has the id and the key of the draft it came from. Each version of its application is
written once; what a caseworker is asked is a task; who read a case stands in a log. Erasing
deletes the key, and with it the meaning of everything that was sealed under it.
"""
