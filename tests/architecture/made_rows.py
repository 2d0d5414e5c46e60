"""Makes a row of any table, with everything that it refers to, from its fields alone."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from dienstweg.authorities.scope import AuthorityOwned
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id


def owned_models() -> list[type[AuthorityOwned]]:
    """Return every table that a scope divides, those first that others refer to."""
    found = [one for one in apps.get_models() if issubclass(one, AuthorityOwned)]
    return sorted(found, key=lambda one: one._meta.db_table)


class Maker:
    """Makes rows of one authority; what several tables refer to is made once."""

    def __init__(self, authority_id: UUID) -> None:
        self.authority_id = authority_id
        self.made: dict[type[models.Model], models.Model] = {}

    def row(self, model: type[models.Model]) -> models.Model:
        """Return the row of ``model``, making it if it is not there."""
        if model not in self.made:
            row = model(**self._values(model))
            row.save(force_insert=True)
            self.made[model] = row
        return self.made[model]

    def _values(self, model: type[models.Model]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for field in model._meta.concrete_fields:
            if field.name == "authority":
                values["authority_id"] = self.authority_id
            elif field.is_relation and not field.null:
                values[field.name] = self.row(field.remote_field.model)
            elif isinstance(field, models.BinaryField) or not (field.has_default() or field.null):
                # Sealed values are filled even where they may be absent: an open case has its key.
                values[field.name] = self._value(field)
        return values

    def _value(self, field: Any) -> Any:
        kind = field.get_internal_type()
        if kind in {"CharField", "SlugField", "TextField"}:
            allowed = _allowed(field)
            return allowed[0] if allowed else (new_id().hex[::-1] * 2)[: field.max_length]
        if kind == "UUIDField":
            return new_id()
        if kind == "BinaryField":
            return new_id().bytes
        if kind == "DateTimeField":
            return clock.now()
        if kind == "DateField":
            return clock.today()
        if kind == "BooleanField":
            return False
        assert "Integer" in kind or kind == "FloatField", f"{field}: teach the maker {kind}"
        return 1


def _allowed(field: Any) -> list[str]:
    """Return the words that a table allows in a column, where a constraint says so."""
    for one in field.model._meta.constraints:
        for named in getattr(getattr(one, "condition", None), "children", ()):
            if isinstance(named, tuple) and named[0] == f"{field.name}__in":
                return [str(word) for word in named[1]]
    return []
