"""Which online services an authority lists, by subject, and a search that forgives.

Learns of online services by the facts ``offer.went_live`` and ``offer.withdrawn``, so that the
catalogue can later list services that nobody offers online as well.
"""
