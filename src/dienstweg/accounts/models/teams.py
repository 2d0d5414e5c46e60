"""Teams, who stands in for whom, what people keep of the work list and are told of it."""

from django.db import models

from dienstweg.accounts.models.people import Account
from dienstweg.kernel.references import new_id


class Team(models.Model):
    """People who do the same work for one authority or for several.

    ``roles`` are what every member may do at every authority of the team.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    roles = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name


class TeamAuthority(models.Model):
    """An authority that a team works for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="places", db_index=False)
    authority = models.ForeignKey("authorities.Authority", on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "authority"], name="team_authority_once")
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.authority_id}"


class TeamMember(models.Model):
    """Who belongs to a team; who ``leads`` it has the role ``leitung`` at its authorities."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="teams")
    leads = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "account"], name="team_member_once")]

    def __str__(self) -> str:
        return f"{self.team_id} {self.account_id}"


class Absence(models.Model):
    """Somebody is away from the day ``begins`` to the day ``ends``, both included.

    Without ``ends`` until further notice. The reason is nobody's business and not kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="absences")
    deputy = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="stand_ins", null=True
    )
    begins = models.DateField()
    ends = models.DateField(null=True)
    made_by = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("begins")),
                name="absence_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~models.Q(deputy=models.F("account")), name="absence_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.begins} {self.ends}"


class Reminding(models.Model):
    """Whether one of the staff wants e-mails about what falls due, and when the last one was made.

    Who has no row wants them, and has had none.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True)
    wanted = models.BooleanField(default=True)
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.account_id)


class SavedView(models.Model):
    """Filters of the work list under a name, for oneself or shared with a ``team``.

    What was searched for is not among them: that would be personal data.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="views")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="views", null=True)
    name = models.CharField(max_length=60)
    filters = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name
