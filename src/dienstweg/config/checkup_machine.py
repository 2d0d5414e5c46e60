"""Checks of the machine: keys, disk, clock, static files, and the foreign systems' connections."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg

from dienstweg.config.finding import Finding, error, fine, warning
from dienstweg.config.place import var
from dienstweg.kernel import clock, encryption

SPACE = 2_000_000_000
"""Bytes that should be free for attachments and the database."""
DRIFT = timedelta(seconds=5)
"""How far our clock and the database's may differ."""


def master_key() -> Iterator[Finding]:
    """Check that the master key is there, whole, and readable for us alone."""
    from django.conf import settings

    try:
        encryption.load_master_key(Path(settings.DIENSTWEG_MASTER_KEY))
    except encryption.NoMasterKey as missing:
        yield error(
            f"Hauptschlüssel: {missing}",
            "Legen Sie den Schlüssel aus Ihrer Verwahrung dorthin (chmod 0600). Bei einer neuen "
            "Installation legt `dienstweg init` ihn an.",
        )
        return
    yield fine("Der Hauptschlüssel ist da und nur für Dienstweg lesbar.")
    yield from _keys_fit()


def _keys_fit() -> Iterator[Finding]:
    """Check that the keys of all authorities can be unwrapped."""
    from dienstweg.authorities import queries

    for card in queries.all_cards():
        try:
            queries.authority_key(card.id)
        except encryption.Unreadable:
            yield error(
                f"Der Schlüssel der Behörde {card.slug} ist mit diesem Hauptschlüssel unlesbar.",
                "Spielen Sie den Hauptschlüssel ein, der zu dieser Datenbank gehört.",
            )


def disk() -> Iterator[Finding]:
    """Check the free space for data."""
    free = shutil.disk_usage(var()).free
    shown = f"{free / 1e9:.1f} GB frei in {var()}."
    if free < SPACE // 10:
        yield error(shown, "Schaffen Sie Platz: Ohne ihn wird kein Antrag mehr angenommen.")
    elif free < SPACE:
        yield warning(shown, "Schaffen Sie bald Platz.")
    else:
        yield fine(shown)


def clocks(connection: "psycopg.Connection[tuple[object, ...]]") -> Iterator[Finding]:
    """Check that this machine and the database agree on the time."""
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    difference = abs(clock.now() - row[0]) if row else timedelta.max  # type: ignore[operator]  # a time
    if difference > DRIFT:
        yield error(
            f"Die Uhren von Anwendung und Datenbank gehen {difference.total_seconds():.0f} s "
            "auseinander.",
            "Stellen Sie beide Rechner auf dieselbe Zeitquelle (NTP) ein.",
        )
    else:
        yield fine("Die Uhren von Anwendung und Datenbank stimmen überein.")


def static_files() -> Iterator[Finding]:
    """Check that the pages find their styles."""
    from django.conf import settings

    from dienstweg.config.installation import static_state

    mark = Path(settings.STATIC_ROOT) / ".state"
    if not mark.exists():
        yield error("Die statischen Dateien fehlen.", "Führen Sie `dienstweg init` aus.")
    elif mark.read_text() != static_state():
        yield warning("Die statischen Dateien sind veraltet.", "Führen Sie `dienstweg init` aus.")
    else:
        yield fine("Die statischen Dateien sind gebaut.")


def safe_settings() -> Iterator[Finding]:
    """Check what must not be in a real operation."""
    from django.conf import settings

    if settings.DEMO:
        yield warning(
            "Dienstweg läuft als Demo: Cookies gehen auch über unverschlüsseltes HTTP.",
            "Setzen Sie DIENSTWEG_DEMO für den echten Betrieb nicht.",
        )
    if os.environ.get("DIENSTWEG_FAILPOINTS"):
        yield error("DIENSTWEG_FAILPOINTS ist gesetzt.", "Das ist für Absturztests. Entfernen.")
    options = os.environ.get("DIENSTWEG_PG_OPTIONS", "")
    if "off" in options:
        yield error(
            f"DIENSTWEG_PG_OPTIONS={options!r} macht die Datenbank vergesslich.",
            "Das ist für Absturztests. Entfernen.",
        )
