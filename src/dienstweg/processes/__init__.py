"""Conducts a case: stores the state of its process and carries out what the interpreter asks.

The one room that knows both the pure process and the rooms that act; it decides nothing itself.
"""
