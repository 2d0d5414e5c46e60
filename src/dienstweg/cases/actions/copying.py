"""Copies what belongs to a case to another authority: new ids, sealed anew under another key.

Each room copies its own tables by the `Copier` that it is handed. Reading happens in the scope of
the authority that gives, writing in that of the one that takes; no statement sees both.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dienstweg.authorities import scope
from dienstweg.cases import party_codes, places
from dienstweg.cases.models import (
    Application,
    Attachment,
    Correction,
    Note,
    PaperNote,
    Party,
    Proof,
    Signature,
    Signing,
    Task,
)
from dienstweg.kernel import encryption
from dienstweg.kernel.references import new_id

Place = Callable[[Any], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Copier:
    """From which case to which; ``ids`` says what each id is called at the other authority.

    Files keep their ids: the data speaks of them, and its SHA-256 has been signed.
    """

    case_id: UUID
    new_case_id: UUID
    from_authority: UUID
    to_authority: UUID
    number: str
    key: bytes = field(repr=False)
    new_key: bytes = field(repr=False)
    ids: dict[UUID, UUID]

    def there(self) -> AbstractContextManager[scope.Scope]:
        """Enter the scope of the authority that takes the case."""
        return scope.enter(scope.of(self.to_authority))

    def copy(
        self,
        rows: Iterable[Any],
        *,
        sealed: Mapping[str, Place] | None = None,
        change: Callable[[Any, Any], None] | None = None,
    ) -> list[Any]:
        """Write a copy of each row at the other authority; return the copies.

        ``sealed`` names the columns that are sealed under the case's key, with their places;
        ``change`` is called with the old and the new row before that is written.
        """
        made = [self._copied(row, sealed or {}, change) for row in rows]
        if made:
            with self.there():
                type(made[0]).objects.bulk_create(made)
        return made

    def _copied(
        self,
        row: Any,
        sealed: Mapping[str, Place],
        change: Callable[[Any, Any], None] | None,
    ) -> Any:
        new = type(row)()
        for column in row._meta.concrete_fields:
            setattr(new, column.attname, self.renamed(getattr(row, column.attname)))
        new.pk = self.ids.setdefault(row.pk, new_id())
        new.authority_id = self.to_authority
        if change is not None:
            change(row, new)
        for name, place in sealed.items():
            content = getattr(row, name)
            if content is not None:
                plain = encryption.unseal(self.key, bytes(content), *place(row))
                setattr(new, name, encryption.seal(self.new_key, plain, *place(new)))
        return new

    def renamed(self, value: Any) -> Any:
        """Return a value with every id of the case in it as it is called at the other authority."""
        if isinstance(value, UUID):
            return self.ids.get(value, value)
        if isinstance(value, dict):
            return {key: self.renamed(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.renamed(one) for one in value]
        if isinstance(value, str) and len(value) == 36:
            return self._renamed_text(value)
        return value

    def _renamed_text(self, value: str) -> str:
        try:
            return str(self.ids.get(UUID(value), value))
        except ValueError:
            return value


def copy_rows(copier: Copier) -> None:
    """Copy the tables of this room but the case's own row, those first that others refer to."""
    of_case = {"case_id": copier.case_id}
    copier.copy(
        Application.objects.filter(**of_case).order_by("version"),
        sealed={"sealed": places.application_place},
    )
    copier.copy(
        Attachment.objects.filter(**of_case).order_by("id"),
        sealed={"name": places.attachment_place},
    )
    copier.copy(
        Party.objects.filter(**of_case).order_by("id"),
        sealed={"sealed": places.party_place},
        change=_party,
    )
    copier.copy(
        Task.objects.filter(**of_case).order_by("id"),
        sealed={"sealed": places.task_place},
        change=_task,
    )
    copier.copy(Proof.objects.filter(**of_case).order_by("id"))
    copier.copy(Signing.objects.filter(**of_case).order_by("id"))
    copier.copy(
        Signature.objects.filter(**of_case).order_by("id"),
        sealed={"sealed": places.signature_place},
    )
    copier.copy(PaperNote.objects.filter(**of_case).order_by("id"))
    copier.copy(
        Correction.objects.filter(**of_case).order_by("id"),
        sealed={"sealed": places.correction_place},
    )
    copier.copy(Note.objects.filter(**of_case).order_by("id"), sealed={"sealed": places.note_place})


def _party(old: Party, new: Party) -> None:
    """Give a party a number of its own there; its code stays the same."""
    new.number = party_codes.new_number()
    new.code_of = old.code_of or old.id
    new.moved_to = ""


def _task(_old: Task, new: Task) -> None:
    """Leave a task to whoever is there: who had claimed it works elsewhere."""
    new.assignee = None
    new.claimed_at = None
    new.claimed_for = None
    new.returned_from = None
