"""Kinds of answers: one object for each, which knows everything about answers of that kind.

What a schema must look like (`fits`, `mistakes`), how the posted texts are read (`read`), what is
wrong with a value (`faults`), how it reads in a summary (`shown`) and in the inputs (`typed`).
`table.KINDS` names the kind of every widget; `table.of` gives the one of a field.
"""
