"""The tables of running processes, of what stops them, and of the periods they have to keep."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned


class Conduct(AuthorityOwned):
    """The state of one case's process; its id is the case's.

    ``state`` is sealed with the case's key, and carries the versions of the engine and of the
    format inside, since it is kept for years; ``digest`` is the release that it belongs to (empty
    in old rows: the case's). ``waiting`` lists the keys it waits for, ``next_at`` is when the
    first of its timers is due. ``stuck_at`` stands as long as there is a `Halt`.
    """

    state = models.BinaryField()
    digest = models.CharField(max_length=64, default="", db_default="")
    waiting = models.JSONField(default=list)
    finished = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    stuck_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["authority", "changed_at"],
                name="conduct_running",
                condition=models.Q(finished=False),
            ),
            models.Index(
                fields=["authority", "next_at"],
                name="conduct_timer",
                condition=models.Q(finished=False, next_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Halt(AuthorityOwned):
    """Something that happened to a case and that its process could not take.

    ``event`` names it ("TaskCompleted:pruefen"); ``sealed`` holds the event and what was wrong.
    ``code`` is a word of the interpreter, ``where`` an element of the process.
    """

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    event = models.CharField(max_length=200)
    code = models.CharField(max_length=40)
    where = models.CharField(max_length=120, blank=True)
    sealed = models.BinaryField()
    first_at = models.DateTimeField()
    tried_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "event"], name="halt_once"),
        ]
        indexes = [models.Index(fields=["authority", "id"], name="halt_oldest")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.event}"


class Deadline(AuthorityOwned):
    """A legal period of a case, as the blueprint declares it under ``name``.

    ``due_at`` is the moment after its last day; ``met_at`` is when the authority did what it is
    for. ``escalated_to`` is the role that was told at ``escalated_at`` that the end is near.
    """

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    name = models.CharField(max_length=41)
    state = models.CharField(max_length=10, default="running")
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    suspended_at = models.DateTimeField(null=True)
    suspended_days = models.PositiveSmallIntegerField(default=0)
    confirmed = models.BooleanField(default=False)
    met_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    escalated_to = models.CharField(max_length=60, blank=True, default="")
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "name"], name="deadline_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["running", "suspended", "met", "missed", "deemed"]),
                name="deadline_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["authority", "due_at", "id"],
                name="deadline_falling_due",
                condition=models.Q(state__in=["running", "suspended"])
                | models.Q(state="missed", met_at__isnull=True),
            ),
            models.Index(
                fields=["authority", "escalated_to", "due_at", "id"], name="deadline_escalated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"


class Move(AuthorityOwned):
    """A running case that was moved to another release, with the way back.

    ``sealed`` holds the state as it was before. The move can be undone as long as the process is
    still at the step in which it was left (``step_at``).
    """

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    from_digest = models.CharField(max_length=64)
    to_digest = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    sealed = models.BinaryField()
    moved_at = models.DateTimeField()
    step_at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="move_of_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.from_digest} {self.to_digest}"
