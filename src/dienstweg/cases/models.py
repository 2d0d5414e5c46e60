"""The tables of cases. What applicants and caseworkers wrote is sealed under the case's key."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned
from dienstweg.cases.correction_models import Correction, Note
from dienstweg.cases.draft_models import TaskDraft
from dienstweg.cases.paper_models import PaperNote
from dienstweg.cases.party_models import Party, PartyVisit, Proof, Signature, Signing

__all__ = [
    "Application",
    "Attachment",
    "Case",
    "Correction",
    "Note",
    "PaperNote",
    "Party",
    "PartyVisit",
    "Proof",
    "Reading",
    "Signature",
    "Signing",
    "Task",
    "TaskDraft",
]

TO_DO = models.Q(state__in=["open", "proposed", "decided"])
"""Tasks that stand in a list: one that is decided can still be undone."""


class Case(AuthorityOwned):
    """An application on its way; its id is the draft's.

    ``account_id`` is the account it belongs to, if its applicant has one. Without ``wrapped_key``
    nothing about it can be read any more: it is erased. ``code_hash``
    stands for the code with which the applicant opens the case page; ``code_of`` is the case whose
    code that is, where it came from another authority (``came_from``, ``came_as``). One that was
    handed over says where it is now (``moved_to``, an authority's id) and under which number;
    ``handing_to`` is where it shall go as soon as nothing hinders. ``invited_roles`` are those of
    parties whom the process has invited, even if nobody had them then.
    """

    number = models.CharField(max_length=24, unique=True)
    offer = models.ForeignKey("offers.Offer", on_delete=models.PROTECT, db_index=False)
    digest = models.CharField(max_length=64)
    lang = models.CharField(max_length=8)
    state = models.CharField(max_length=12, default="open")
    outcome = models.CharField(max_length=60, blank=True)
    wrapped_key = models.BinaryField(null=True)
    contact = models.BinaryField(null=True)
    withdrawal = models.BinaryField(null=True)
    indexed = models.PositiveSmallIntegerField(default=0, db_default=0)
    code_hash = models.BinaryField(null=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    wrong_since = models.DateTimeField(null=True)
    code_renewed_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    account_id = models.UUIDField(null=True)
    code_of = models.UUIDField(null=True)
    handing_to = models.UUIDField(null=True)
    moved_to = models.UUIDField(null=True)
    moved_as = models.CharField(max_length=24, blank=True, default="", db_default="")
    came_from = models.UUIDField(null=True)
    came_as = models.CharField(max_length=24, blank=True, default="", db_default="")
    invited_roles = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["authority", "id"], name="case_latest"),
            models.Index(fields=["authority", "state", "id"], name="case_by_state"),
            models.Index(
                fields=["account_id", "id"],
                condition=models.Q(account_id__isnull=False),
                name="case_of_account",
            ),
            models.Index(fields=["authority", "submitted_at"], name="case_by_submission"),
            models.Index(
                fields=["authority", "id"],
                condition=models.Q(indexed=0, wrapped_key__isnull=False),
                name="case_unindexed",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "withdrawn", "closed", "erased"]),
                name="case_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state="erased") | models.Q(wrapped_key__isnull=False),
                name="case_key",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Application(AuthorityOwned):
    """One version of what was submitted; a trigger refuses every change."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False)
    version = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    sha256 = models.BinaryField()
    made_at = models.DateTimeField()
    actor = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="application_version"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.version}"


class Attachment(AuthorityOwned):
    """The manifest of a version's files: which file answers which field, and its SHA-256."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False)
    version = models.PositiveSmallIntegerField()
    file_id = models.UUIDField()
    field = models.CharField(max_length=300)
    name = models.BinaryField()
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version", "file_id"], name="attachment_once"),
        ]

    def __str__(self) -> str:
        return str(self.file_id)


class Task(AuthorityOwned):
    """What a process asks of a caseworker; ``key`` is the intent's, unique in the case.

    ``offer_id`` is its case's, so that lists need not read the case. With an ``approval_role`` a
    decision is a proposal first, to which another person with that role agrees. ``form`` names
    the fields that are asked beside the outcome. What a party is asked has its ``party_id``; with a
    role ``party:...`` and none, any of that role may answer. A deputy who takes it does so
    ``claimed_for`` the one who is away, to whom it ``returned_from`` the deputy at the end.
    ``given_up_by`` is the party who was asked first and takes no part any more.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False)
    key = models.CharField(max_length=120)
    task = models.CharField(max_length=80)
    role = models.CharField(max_length=80)
    outcomes = models.JSONField(default=list)
    form = models.JSONField(default=list, db_default=[])
    offer_id = models.UUIDField(null=True)
    state = models.CharField(max_length=12, default="open")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    assignee = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    claimed_for = models.UUIDField(null=True)
    returned_from = models.UUIDField(null=True)
    approval_role = models.CharField(max_length=80, default="", db_default="")
    party_id = models.UUIDField(null=True)
    given_up_by = models.UUIDField(null=True)
    proposed_by = models.UUIDField(null=True)
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    undo_until = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["authority", "id"], condition=TO_DO, name="task_waiting"),
            models.Index(fields=["authority", "role", "id"], condition=TO_DO, name="task_of_role"),
            models.Index(
                fields=["authority", "role", "due_at", "id"], condition=TO_DO, name="task_due"
            ),
            models.Index(
                fields=["authority", "offer_id", "id"], condition=TO_DO, name="task_offer"
            ),
            models.Index(fields=["assignee", "id"], condition=TO_DO, name="task_assigned"),
            models.Index(
                fields=["authority", "role", "id"],
                condition=models.Q(state="open", assignee__isnull=True),
                name="task_unassigned",
            ),
            models.Index(
                fields=["authority", "due_at", "id"],
                condition=models.Q(state="open", role__startswith="party:"),
                name="task_of_parties",
            ),
            models.Index(
                fields=["authority", "id"],
                condition=models.Q(state="open", claimed_for__isnull=False),
                name="task_for_another",
            ),
            models.Index(
                fields=["authority", "approval_role", "id"],
                condition=models.Q(state="proposed"),
                name="task_proposed",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="task_key"),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "proposed", "decided", "done", "withdrawn"]),
                name="task_state",
            ),
        ]

    def __str__(self) -> str:
        return self.task


class Reading(AuthorityOwned):
    """Who of the staff read a case when, and what for; a trigger refuses every change."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False)
    account_id = models.UUIDField()
    at = models.DateTimeField()
    purpose = models.CharField(max_length=40)

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="reading_of_case"),
            models.Index(fields=["authority", "at", "id"], name="reading_at"),
            models.Index(fields=["authority", "account_id", "at", "id"], name="reading_by"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at}"


class Look(AuthorityOwned):
    """Who looked into the log of readings, and for what; a trigger refuses every change.

    ``case_id`` and ``person`` are what was asked for, if anything; ``exported`` says that it left
    as a file.
    """

    account_id = models.UUIDField()
    at = models.DateTimeField()
    case_id = models.UUIDField(null=True)
    person = models.UUIDField(null=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    exported = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["authority", "at", "id"], name="look_at")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.at}"


class Term(AuthorityOwned):
    """One term by which a case is found: what is kept of it tells nothing without the key.

    A row for each term, since row-level security lets an index be used for plain equality only.
    ``case_id`` is checked by nobody, which would cost more than the rest: `actions.erase` deletes.
    """

    case_id = models.UUIDField()
    token = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["authority", "token", "case_id"], name="term_finds"),
            models.Index(fields=["case_id"], name="term_of_case"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)
