"""The interpreter of blueprints: pure functions of files, of data and of a given time.

It exists so that the portal, the desk, the Studio's simulation, the command line and a blueprint's
own acceptance cases all understand a blueprint in the same way. Nothing here knows a database, a
network or the clock; nothing a blueprint contains can run code of its own.
"""
