"""What every room may lean on and nobody owns: time, references, secrets, the way out, plug-ins.

Nothing here knows Django, a table or a room.
"""
