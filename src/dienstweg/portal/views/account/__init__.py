"""Applicants' accounts: signing in and what is kept at the network's host, and the way there."""
