"""Codecs of foreign formats: bytes in, frozen data out, and back where we send.

They stand apart from the adapters that speak the protocols, so that a format can be read, tested
and reused (by the Studio, the command line, a simulator) without a network or a database.
"""
