"""The page of the practising back office: what has been taken, and two buttons."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1.0625rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .5rem; border-bottom: 1px solid; vertical-align: top; }
form { display: inline; }
button { font: inherit; min-height: 44px; padding: .25rem 1rem; margin-right: .5rem; }
button:focus-visible { outline: 3px solid; outline-offset: 2px; }
"""  # noqa: E501
_DECIDED = {"granted": "bewilligt", "refused": "abgelehnt"}


def overview(deliveries: Iterable[Mapping[str, Any]], decided: Mapping[str, str]) -> str:
    """Return the page that lists the newest deliveries first."""
    rows = "".join(_row(one, decided.get(one["key"])) for one in deliveries)
    table = (
        "<table><thead><tr><th>Aktenzeichen</th><th>Vorgang</th><th>Leistung</th><th>Art</th>"
        f"<th>Eingang</th><th>Entscheidung</th></tr></thead><tbody>{rows}</tbody></table>"
    )
    body = table if rows else "<p>Es ist noch nichts eingegangen.</p>"
    return (
        '<!doctype html><html lang="de"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Übungs-Fachverfahren</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>Übungs-Fachverfahren</h1>{body}</main></body></html>"
    )


def _row(delivery: Mapping[str, Any], outcome: str | None) -> str:
    cells = (delivery[name] for name in ("reference", "case_number", "service", "kind", "at"))
    return (
        f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in cells)}<td>"
        + (_DECIDED.get(outcome, outcome) if outcome else _buttons(delivery["key"]))
        + "</td></tr>"
    )


def _buttons(key: str) -> str:
    return (
        '<form method="post" action="/entscheiden">'
        f'<input type="hidden" name="key" value="{escape(key)}">'
        '<button name="outcome" value="granted">Bewilligen</button>'
        '<button name="outcome" value="refused">Ablehnen</button></form>'
    )
