"""The pages on which people pay: plain German, one question, usable with a keyboard."""

from decimal import Decimal
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 38rem; margin: 2rem auto; padding: 0 1rem; }
dl { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0; }
dd { margin: 0 0 .75rem; font-weight: 600; overflow-wrap: anywhere; }
@media (min-width: 30rem) {
  dl { grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1.5rem; }
  dd { margin: 0; }
}
h1 { overflow-wrap: anywhere; }
button { font: inherit; min-height: 44px; padding: .5rem 1.25rem; margin: 0 .75rem .75rem 0; }
button:focus-visible { outline: 3px solid; outline-offset: 2px; }
"""  # noqa: E501


def pay(transaction: dict[str, Any]) -> str:
    """Return the page that asks whether to pay."""
    request = transaction["request"]
    amount = Decimal(str(request["grosAmount"])).quantize(Decimal("0.01"))
    shown = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    body = f"""
<h1>Bezahlen</h1>
<p>Dies ist die Übungs-Bezahlplattform. Es fließt kein Geld.</p>
<dl>
<dt>Betrag</dt><dd>{shown} Euro</dd>
<dt>Zweck</dt><dd>{escape(str(request["purpose"]))}</dd>
<dt>Kassenzeichen</dt><dd>{escape(transaction["reference"])}</dd>
</dl>
<form method="post">
<button name="do" value="PAYED">Bezahlen</button>
<button name="do" value="FAILED">Fehlschlag</button>
<button name="do" value="CANCELED">Abbrechen</button>
</form>"""
    return _page("Bezahlen", body)


def done(url: str) -> str:
    """Return the page for a payment that is over, with the way back."""
    body = f"""
<h1>Diese Zahlung ist abgeschlossen</h1>
<p>Sie können nichts weiter tun.</p>
<p><a href="{escape(url)}">Zurück zum Antrag</a></p>"""
    return _page("Abgeschlossen", body)


def unknown() -> str:
    """Return the page for an address that leads nowhere."""
    return _page("Nicht gefunden", "<h1>Diese Zahlung gibt es nicht</h1>")


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="de"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} – Übungs-Bezahlplattform</title><style>{_STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )
