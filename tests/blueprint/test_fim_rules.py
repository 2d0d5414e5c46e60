"""The grammar of FIM rules in German prose: what it reads, what it means, what it leaves alone."""

from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.blueprint.fim_rules_grammar import LANDS, read
from dienstweg.blueprint.fim_rules_names import Known
from dienstweg.blueprint.fim_rules_syntax import (
    Always,
    Both,
    Condition,
    Either,
    Equal,
    Filled,
    Length,
    Not,
    One,
    Ordered,
    RealDate,
    Statement,
)
from dienstweg.blueprint.fim_rules_tokens import NotRead

KIND = "F99000000001"  # a choice: Art der Haltung
NOTE = "F99000000002"  # a text
HAS = "F99000000003"  # yes or no
BORN = "F99000000004"  # a date
UNTIL = "F99000000005"  # a date
HIVES = "F99000000006"  # a number
OPEN = "F99000000007"  # a choice whose list is missing
STAND = "G99000000001"
KEEPER = "G99000000002"


class Bees:
    """A small schema of bee keepers."""

    elements: ClassVar = {
        KIND: Known(
            "choice", ("Art der Haltung",), {"001": "Garten", "002": "Wald", "W": "Wander"}
        ),
        NOTE: Known("text", ("Bemerkung", "Bemerkung (Jagd)")),
        HAS: Known("bool", ("Wanderung (un)geplant",)),
        BORN: Known("date", ("von",)),
        UNTIL: Known("date", ("bis",)),
        HIVES: Known("number", ("Völker",)),
        OPEN: Known("choice", ("Rasse",)),
        STAND: Known("group", ("Stand",)),
        KEEPER: Known("group", ("Person, die hält",)),
    }

    def known(self, path: str) -> Known:
        found = self.elements.get(path.split(".")[-1])
        if found is None:
            raise NotRead(f"{path} gibt es in diesem Schema nicht.")
        return found

    def own_questions(self) -> tuple[str, ...]:
        return (HAS, KIND)


def meant(text: str, land: str | None = None) -> list[tuple[str, str | None, Condition]]:
    statements = read(text, Bees(), land=land)
    return [(each.effect, each.target, each.condition) for each in statements]


GARDEN = Equal(KIND, "001")
FOREST = Equal(KIND, "002")


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        (f'{KIND} "Art der Haltung" = 001 "Garten"', GARDEN),
        (f'das Feld {KIND} "Art der Haltung" <> 001 "Garten"', Not(GARDEN)),
        (f"in Datenfeld {KIND} Art der Haltung Auswahl = 001", GARDEN),
        (f'{KIND} === "Garten"', GARDEN),
        (f'{KIND} == "001 Garten"', GARDEN),
        (f"{KIND} = 001=Garten", GARDEN),
        (f"{KIND} = 001 - Garten", GARDEN),
        (f'{KIND} = W "Wander"', Equal(KIND, "W")),
        (f'{KIND} = 001 "Garten" ODER = 002 "Wald"', Either((GARDEN, FOREST))),
        (f"{KIND} = 001 oder 002", Either((GARDEN, FOREST))),
        (f'{KIND} = (001 "Garten" ODER 002 "Wald")', Either((GARDEN, FOREST))),
        (f"{KIND} <> (001 UND 002)", Both((Not(GARDEN), Not(FOREST)))),
        (f"{KIND} <> 001 UND <> 002", Both((Not(GARDEN), Not(FOREST)))),
        (f"{KIND} = 001 und {HAS} = JA", Both((GARDEN, Equal(HAS, True)))),
        (f"{HAS} Wanderung (un)geplant = FALSCH", Equal(HAS, False)),
        (f'{HAS} mit "Ja" belegt ist', Equal(HAS, True)),
        (f'eines der Felder {HAS}, {KIND} mit "001" belegt ist', None),
        (f"{NOTE} nicht leer", Filled(NOTE)),
        (f"{NOTE} befüllt wurde", Filled(NOTE)),
        (f"{NOTE} nicht befüllt ist", Not(Filled(NOTE))),
        (f"in {NOTE} kein Eintrag vorgenommen wurde", Not(Filled(NOTE))),
        (f"{HIVES} > 10", Ordered(HIVES, ">", number=10)),
        (f"({KIND} = 001 oder {HAS} = Ja)", Either((GARDEN, Equal(HAS, True)))),
    ],
)
def test_conditions(text: str, condition: Condition | None) -> None:
    rule = f"WENN {text}, DANN muss {STAND} befüllt werden."
    if condition is None:
        with pytest.raises(NotRead):
            read(rule, Bees())
    else:
        assert meant(rule) == [("require", STAND, condition)]


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        (f'muss die Feldgruppe {STAND} "Stand" befüllt sein', "require"),
        (f"darf {STAND} nicht befüllt werden", "forbid"),
        (f"darf {STAND} nicht leer sein", "require"),
        (f"darf {STAND} nicht angezeigt werden", "forbid"),
        (f"ist {STAND} als Pflichtfeldgruppe anzuzeigen", "require"),
        (f"ist {STAND} zu befüllen", "require"),
        (f"ist {STAND} auszublenden", "forbid"),
        (f"ist {STAND} ein Pflichtfeld", "require"),
        (f"ist {STAND} ein optionales Feld", "optional"),
        (f"blende {STAND} Stand aus", "forbid"),
        (f"zeige {STAND} Stand nicht an", "forbid"),
        (f"zeige als Pflicht {STAND} an", "require"),
        (f"wird {STAND} ausgeblendet", "forbid"),
        (f"deaktiviere {STAND}", "forbid"),
        (f"aktiviere {STAND}", "show"),
        (f"erscheint {STAND}", "show"),
        (f"muss {STAND} angezeigt und befüllt werden", "require"),
    ],
)
def test_what_is_asked_for(text: str, effect: str) -> None:
    assert meant(f"Wenn {KIND} = 001, dann {text}.") == [(effect, STAND, GARDEN)]


def test_several_demands_in_one_sentence() -> None:
    text = (
        f"WENN {KIND} = 001, DANN aktiviere {STAND} UND mache sie zu einer Pflichtangabe "
        f"UND deaktiviere {KEEPER}."
    )
    assert meant(text) == [
        ("show", STAND, GARDEN),
        ("require", STAND, GARDEN),
        ("forbid", KEEPER, GARDEN),
    ]


def test_the_contrary_after_otherwise() -> None:
    shown = f"Wenn {HAS} == Ja, dann zeige {STAND} und {KEEPER} als Pflichtfelder an"
    expected = [
        ("require", STAND, Equal(HAS, True)),
        ("require", KEEPER, Equal(HAS, True)),
        ("forbid", STAND, Not(Equal(HAS, True))),
        ("forbid", KEEPER, Not(Equal(HAS, True))),
    ]
    assert meant(f"{shown}, sonst zeige die Felder nicht an.") == expected
    assert meant(f"{shown}, ansonsten nicht.") == expected


def test_a_condition_after_what_it_is_for_and_the_same_field_again() -> None:
    duty = f"Das Feld {NOTE} ist ein Pflichtfeld, wenn {HAS} mit Ja belegt ist."
    assert meant(duty) == [("require", NOTE, Equal(HAS, True))]
    again = f'Wenn {HAS} === "Ja", dann zeige {STAND}, wenn <> "Ja", dann blende {STAND} aus.'
    assert meant(again) == [
        ("show", STAND, Equal(HAS, True)),
        ("forbid", STAND, Not(Equal(HAS, True))),
    ]


def test_all_other_values_are_those_not_named_before() -> None:
    text = (
        f"Wenn {KIND} = 001, dann aktiviere {STAND}. "
        f"Wenn {KIND} = alle anderen möglichen Ausprägungen der Codeliste, "
        f"dann deaktiviere {STAND}."
    )
    assert meant(text)[1] == ("forbid", STAND, Both((Filled(KIND), Not(GARDEN))))


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        (
            f"Es muss mindestens eines der Felder {NOTE}, {HIVES} oder {BORN} befüllt sein.",
            Either((Filled(NOTE), Filled(HIVES), Filled(BORN))),
        ),
        (
            f'Mindestens eines der Datenfelder {HAS} oder {HAS} muss den Wert "wahr" haben.',
            Equal(HAS, True),
        ),
        (
            f"Es muss entweder die Gruppe {STAND} oder die Gruppe {KEEPER} befüllt werden.",
            One(Filled(STAND), Filled(KEEPER)),
        ),
        (
            f"Das Datum im Feld {BORN} muss zeitlich vor dem Datum in Feld {UNTIL} liegen.",
            Either((Not(Filled(BORN)), Not(Filled(UNTIL)), Ordered(BORN, "<", to=UNTIL))),
        ),
        (
            f"Das Feld {HIVES} muss größer oder gleich 3 sein.",
            Either((Not(Filled(HIVES)), Ordered(HIVES, ">=", number=3))),
        ),
        (
            f"Das Feld {NOTE} muss mindestens 5 Zeichen haben.",
            Either((Not(Filled(NOTE)), Length(NOTE, 5, None))),
        ),
        (f"Im Datenfeld {KIND} darf Auswahl 002=Wald nicht ausgewählt werden.", Not(FOREST)),
    ],
)
def test_what_must_hold_between_fields(text: str, condition: Condition) -> None:
    assert meant(text) == [("valid", None, condition)]


def test_only_some_values_may_be_chosen() -> None:
    text = (
        f"Wenn {HAS} = Ja, dann muss das Feld {KIND} befüllt werden, "
        f"wobei nur die Codes 001 oder 002 ausgewählt werden dürfen."
    )
    assert meant(text)[1] == (
        "valid",
        None,
        Either((Not(Equal(HAS, True)), Not(Filled(KIND)), GARDEN, FOREST)),
    )


def test_a_day_that_is_in_the_calendar_with_an_explanation() -> None:
    text = (
        f"Wenn alle drei Felder {HIVES}, {HIVES} und {HIVES} befüllt sind, muss die Validität des "
        "sich ergebenden Kalenderdatums sichergestellt werden. D.h. den 31.11. gibt es nicht."
    )
    ((_, _, condition),) = meant(text)
    assert isinstance(condition, Either)
    assert condition.parts[-1] == RealDate(HIVES, HIVES, HIVES)
    with pytest.raises(NotRead):
        meant(text + f" Wenn {HAS} = Ja, dann ist es egal.")


def test_rules_of_a_land_need_one() -> None:
    text = (
        f"Für die Länder NW, SL gilt: {NOTE} muss befüllt werden.\n"
        f"Für das Land SN gilt: Wenn {HAS} = Ja, dann muss {NOTE} befüllt werden.\n"
        f"Für alle anderen Länder gilt: {NOTE} darf nicht angezeigt werden."
    )
    assert meant(text, "NW") == [("require", NOTE, Always())]
    assert meant(text, "SN") == [("require", NOTE, Equal(HAS, True))]
    for land in LANDS - {"NW", "SL", "SN"}:
        assert meant(text, land) == [("forbid", NOTE, Always())]
    with pytest.raises(NotRead, match="--land"):
        meant(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"Wenn {KIND} = 009, dann muss {STAND} befüllt werden.", "gibt es in der Codeliste"),
        (f'Wenn {KIND} = 001 "Wald", dann muss {STAND} befüllt werden.', "heißt .* anders"),
        (f'Wenn {KIND} "Rasse" = 001, dann muss {STAND} befüllt werden.', "nennt es anders"),
        (f"Wenn {OPEN} = 001, dann muss {STAND} befüllt werden.", "liegt nicht bei"),
        (f"Wenn {HAS} = vielleicht, dann muss {STAND} befüllt werden.", "weder ja noch nein"),
        (f"Wenn F99000000099 = 001, dann muss {STAND} befüllt werden.", "gibt es .* nicht"),
        (f"Wenn {KIND} = 001 und {HAS} = Ja oder {NOTE} leer, dann muss {STAND}", "Klammern"),
        (f"Wenn {KIND} <> 001 oder <> 002, dann muss {STAND} befüllt werden.", "immer wahr"),
        (f"Wenn {KIND} = 001 und 002, dann muss {STAND} befüllt werden.", "zwei Werte"),
        (f"Wenn {KIND} = 001, dann muss {STAND} oder {KEEPER} befüllt werden.", "oder"),
        (f"Wenn {KIND} = 001, dann muss {STAND} gewürdigt werden.", "Unklar"),
        (f"Wenn {KIND} = 001, dann muss {STAND} befüllt werden. Danke.", "Unklar"),
        (f'Wenn {KIND} = 001 "Garten, dann muss {STAND} befüllt werden.', "Anführungszeichen"),
        (f"Wenn {HIVES} < 18 Jahre, dann muss {STAND} befüllt werden.", "Alter"),
        (f"Das Feld {KIND} ist mit 001 vorzubefüllen.", "Unklar"),
        ("", "keinen Text"),
        ("Wenn " * 3_000, "zu lang"),
    ],
)
def test_what_is_not_certain_is_left_alone(text: str, reason: str) -> None:
    with pytest.raises(NotRead, match=reason):
        read(text, Bees())


_WORDS = st.sampled_from(
    "wenn dann muss darf nicht befüllt werden sein und oder zeige an sonst = <> ( ) , . 001 "
    f'"Garten" {KIND} {HAS} {STAND} ja mindestens eines der Felder alle für gilt :'.split()
)


@given(st.lists(_WORDS, max_size=40))
def test_any_words_are_read_or_refused(words: list[str]) -> None:
    try:
        found = read(" ".join(words), Bees())
    except NotRead:
        return
    assert all(isinstance(each, Statement) for each in found)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(NotRead):
        read(text + "\x00", Bees())
