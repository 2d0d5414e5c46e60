"""Which kind of answer each widget asks for."""

from collections.abc import Mapping

from dienstweg.blueprint.kinds.choices import (
    Checkbox,
    Choose,
    Consent,
    Files,
    Search,
    Several,
    YesNo,
)
from dienstweg.blueprint.kinds.composed import Address, Organisation, Person, Signature
from dienstweg.blueprint.kinds.countries import Country
from dienstweg.blueprint.kinds.dates import Day, PartialDay, Time
from dienstweg.blueprint.kinds.geometry import Place
from dienstweg.blueprint.kinds.identifiers import Iban, Phone, Plate, Postcode, TaxId
from dienstweg.blueprint.kinds.kind import Kind
from dienstweg.blueprint.kinds.numbers import Money, Number
from dienstweg.blueprint.kinds.tables import Table
from dienstweg.blueprint.kinds.texts import Email, LongText, Text, Url

_EVERY: tuple[Kind, ...] = (
    Text("text"),
    LongText("textarea"),
    Number("number"),
    Money("money"),
    Day("date"),
    PartialDay("partialdate"),
    Time("time"),
    YesNo("yesno"),
    Checkbox("checkbox"),
    Choose("radio"),
    Choose("select"),
    Several("checkboxes"),
    Search("search"),
    Email("email"),
    Phone("phone"),
    Postcode("postcode"),
    Iban("iban"),
    Plate("plate"),
    TaxId("taxid"),
    Url("url"),
    Address("address"),
    Person("person"),
    Organisation("organisation"),
    Country("country"),
    Country("nationality"),
    Files("file"),
    Place("point"),
    Place("line"),
    Place("area"),
    Table("table"),
    Signature("signature"),
    Consent("consent"),
    Kind("output"),
    Kind("info"),
)
KINDS: Mapping[str, Kind] = {kind.widget: kind for kind in _EVERY}
"""The kind of every widget that assistant.yaml can name, and of what is only shown."""
