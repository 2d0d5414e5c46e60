"""Dienstweg: public services online, together.

Counties, towns and their IT providers share this software to take an applicant from a service in
their own words to a decision in their inbox. The floor plan of the packages below stands in
``docs/architecture.md`` and is enforced by ``.importlinter``.
"""

__version__ = "0.1.0"
