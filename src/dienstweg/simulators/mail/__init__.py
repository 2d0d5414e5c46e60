"""A mailbox for a demo: takes every e-mail by SMTP, delivers none, and shows them on a page.

``dienstweg simulator mail --ledger FILE --smtp-port PORT``. ``/`` shows the newest mails,
``/_mails`` gives them as JSON. The switches of ``/_control``: ``down`` refuses every mail for now.
"""

from dienstweg.simulators.mail.postbox import main

__all__ = ["main"]
