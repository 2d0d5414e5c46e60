"""The tables of corrections and of caseworkers' notes; what was written is sealed."""

from django.db import models

from dienstweg.authorities.scope import AuthorityOwned

UNDER_WAY = models.Q(state__in=["asked", "offered"])


class Correction(AuthorityOwned):
    """What was asked back of an applicant, or what they offer to correct by themselves.

    Its id is that of the draft in which it is answered. ``base`` is the version that is corrected,
    ``made`` the one that came of it. ``sealed`` holds marks, documents, message, and the
    applicant's remark. One is under way in a case at a time.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, db_index=False)
    key = models.CharField(max_length=120)
    state = models.CharField(max_length=12, default="asked")
    base = models.PositiveSmallIntegerField()
    made = models.PositiveSmallIntegerField(null=True)
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="correction_of_case")]
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="correction_key"),
            models.UniqueConstraint(fields=["case"], condition=UNDER_WAY, name="correction_one"),
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "offered", "answered", "withdrawn"]),
                name="correction_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class Note(AuthorityOwned):
    """What a caseworker notes for the others who work on the case; the applicant never sees it."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, db_index=False)
    key = models.CharField(max_length=120)
    account_id = models.UUIDField()
    at = models.DateTimeField()
    corrected_at = models.DateTimeField(null=True)
    sealed = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="note_of_case")]
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="note_key")]

    def __str__(self) -> str:
        return str(self.id)
