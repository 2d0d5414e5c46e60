"""Our own plug-ins, one folder each: a protocol, never a table.

Each is found by its entry point like a stranger's, speaks through the client it is given, and is
tested against a double of its counterpart that shares no code with it.
"""
