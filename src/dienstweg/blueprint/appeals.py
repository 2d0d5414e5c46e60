"""The instruction on how to appeal that every decision carries (Rechtsbehelfsbelehrung).

It names the remedy, where it is lodged, the seat and the period (section 37 (6) VwVfG, section 58
(1) VwGO); without it the period would be a year (section 58 (2) VwGO).
"""

from collections.abc import Mapping, Sequence
from typing import Any

OBJECTION, COURT = "objection", "court"
"""The two ways: an objection at the authority, or an action at the administrative court at once,
where the law of the state has done away with the objection (section 68 (1) VwGO)."""
_FORM = (
    "schriftlich, in elektronischer Form nach § 3a Absatz 2 des Verwaltungsverfahrensgesetzes,"
    " schriftformersetzend nach § 3a Absatz 3 des Verwaltungsverfahrensgesetzes und § 9a Absatz 5"
    " des Onlinezugangsgesetzes oder zur Niederschrift"
)
_PERIOD = "innerhalb eines Monats nach Bekanntgabe"


class IncompleteAppeal(ValueError):
    """Für den Klageweg fehlen Name und Sitz des Verwaltungsgerichts."""


def notice(
    name: str, address: Sequence[str], setting: Mapping[str, Any] | None = None
) -> list[str]:
    """Give the paragraphs of the notice for decisions of an authority with this address.

    `setting`: {"way": "objection"} (the default, section 70 VwGO), {"way": "court", "court": [name,
    street, town]} (sections 74, 81 VwGO), or {"text": "..."} with words of its own. Raises
    `IncompleteAppeal` where the court has no name or no seat.
    """
    setting = setting or {}
    if setting.get("text"):
        return [part for part in str(setting["text"]).split("\n\n") if part.strip()]
    if setting.get("way", OBJECTION) == COURT:
        court = [str(line) for line in setting.get("court") or ()]
        if len(court) < 2:
            raise IncompleteAppeal
        return [
            f"Gegen diesen Bescheid kann {_PERIOD} Klage beim {', '.join(court)}, erhoben werden."
            " Die Klage ist schriftlich, elektronisch nach § 55a der Verwaltungsgerichtsordnung"
            " oder zur Niederschrift der Urkundsbeamtin oder des Urkundsbeamten der Geschäftsstelle"
            " zu erheben."
        ]
    seat = ", ".join([name, *address])
    return [
        f"Gegen diesen Bescheid kann {_PERIOD} Widerspruch erhoben werden. Der Widerspruch ist"
        f" {_FORM} bei folgender Stelle einzulegen: {seat}."
    ]
