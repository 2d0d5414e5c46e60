"""ClamAV's daemon, over its socket: the bytes go there, the name of what was found comes back.

``clamav:/run/clamav/clamd.ctl`` is Debian's socket, ``clamav:127.0.0.1:3310`` a TCP port. The
protocol is that of clamd(8): ``zINSTREAM`` with chunks of a four-byte length, answers that end in
NUL. It has no sign-in and no encryption: across machines it needs a network that others cannot
reach, or a tunnel.
"""

from dienstweg.adapters.clamav.scanner import OPTIONS_SCHEMA, SECRETS_SCHEMA, make

__all__ = ["OPTIONS_SCHEMA", "SECRETS_SCHEMA", "make"]
