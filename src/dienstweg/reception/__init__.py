"""What every door does before a surface is asked, and after it has answered.

Which authority a host belongs to and whose data the request may touch; the language; the bounds of
what we read; the headers; pages for everything that goes wrong, in the authority's look and with
words that help; the guard against guessing codes, and the memory that lets an act be sent twice
without being done twice.
"""
