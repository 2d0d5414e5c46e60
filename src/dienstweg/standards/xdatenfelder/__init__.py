"""XDatenfelder 2, the federal format for the data an application form asks for (FIM).

`reading.read` takes the bytes of a Stammdatenschema message (0102) and gives the frozen data of
`model`; whatever else it is given it refuses with one of `errors`, which name the version or the
fault, so that a designer knows what to ask the publisher for.
"""
