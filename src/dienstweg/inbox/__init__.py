"""What authorities write to applicants, and the proof of when it could be read.

A message is sealed with the case's key. Where an applicant asked for letters, or the law wants a
sign-in that is not there, it stands on the desk's list of what is to be posted.
"""
