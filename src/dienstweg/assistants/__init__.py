"""An applicant filling in: drafts, saved on every page, resumable, discardable, expiring.

A draft belongs to whoever knows its secret, a code of 80 random bits: it stands in a cookie, and
the applicant may write it down to go on elsewhere. Only its hash is stored. What is entered is
sealed under a key of the draft's own, which becomes the case's when the draft is submitted.
"""
