"""XDatenfelder 2.0 and 3.0, the federal format for the data an application form asks for (FIM).

`reading.read` takes the bytes of a Stammdatenschema message (0102) and gives the frozen data of
`model`; `reading.read_message` takes groups and fields (0103, 0104) too. Whatever else they are
given they refuse with one of `errors`, which name the version or the fault, so that a designer
knows what to ask the publisher for. `writing.write` is the way back, always in version 3.
"""
