"""A case as one file: everything about it in an archive, for the records system or a court.

It stands above the rooms that know a part of a case each (its application, documents, messages,
payments, deliveries), and changes none of them.
"""
