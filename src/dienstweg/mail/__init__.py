"""Outgoing e-mail: a row and a job, sent by a worker outside any transaction.

No e-mail contains personal data: it says that there is news and where to read it. The address is
sealed, and forgotten once the mail is on its way.
"""
