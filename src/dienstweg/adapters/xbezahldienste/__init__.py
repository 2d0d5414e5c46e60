"""XBezahldienste 1.0.0: the payment interface of the Länder, as platforms behind it speak it.

Nothing that a browser brings back is believed; the state of a payment comes from the platform's
own answer. Sums are checked before the platform can (``CALCULATION_ERROR``) and compared after.
"""

from dienstweg.adapters.xbezahldienste.provider import OPTIONS_SCHEMA, SECRETS_SCHEMA, make

__all__ = ["OPTIONS_SCHEMA", "SECRETS_SCHEMA", "make"]
