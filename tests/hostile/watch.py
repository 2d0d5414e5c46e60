"""Writes down what leaves the house beside the pages: addresses, redirects, log lines."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse

addresses: list[str] = []
"""Every address that was asked for or led to, with its query."""

LOGGERS = ("", "dienstweg", "procrastinate")


class Addresses:
    """Django middleware around all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        addresses.append(request.get_full_path())
        addresses.append(response.headers.get("Location", ""))
        return response


class Log(logging.Handler):
    """Keeps every line, as it would be written, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def taken(self) -> str:
        """Return the lines since the last time."""
        lines, self.lines = self.lines, []
        return "\n".join(lines)


@contextmanager
def listening() -> Iterator[Log]:
    """Give a log that hears more than an operator's; Django's own stays as the settings have it."""
    log = Log()
    loggers = [logging.getLogger(name) for name in LOGGERS]
    levels = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.INFO)
    logging.getLogger().addHandler(log)
    try:
        yield log
    finally:
        logging.getLogger().removeHandler(log)
        for one, level in zip(loggers, levels, strict=True):
            one.setLevel(level)
