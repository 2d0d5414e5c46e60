"""What parties have said about a version that is not the newest any more: they are asked anew."""

from datetime import datetime

from dienstweg.blueprint import parties as roles
from dienstweg.blueprint.pages import from_application, summary
from dienstweg.blueprint.parties import Role
from dienstweg.blueprint.views import SummarySection
from dienstweg.cases import queries
from dienstweg.cases.actions.inviting import asked_of, set_reminders
from dienstweg.cases.actions.leaving import GONE
from dienstweg.cases.actions.party_links import mail_news, post_again
from dienstweg.cases.models import Application, Party, Task
from dienstweg.cases.party_facts import PartyAskedAnew
from dienstweg.cases.queries import Opened
from dienstweg.events import actions as events
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers

ABOUT_CONTENT = ("agree", "opinion")
"""What is said about the application as it was; a later one may be another matter."""


def ask_answers_anew(opened: Opened) -> None:
    """Ask those parties anew who have answered about something that has changed since.

    Only what their role sees counts: an answer to what is as it was stays. The old answer stays on
    record and counts no more. What is open already is answered for the newest version anyway, so
    nobody is asked twice. Runs under the case's lock; safe to do twice.
    """
    release = offers.release(opened.case.digest)
    rows = Party.objects.select_related("case").filter(case_id=opened.case.id)
    for row in rows.exclude(state__in=GONE).order_by("id"):
        role = roles.role(release, row.role)
        stale = [one for one in (role.asks if role else ()) if _is_stale(opened, row, role, one)]
        if role and stale:
            _ask_anew(opened, row, role, stale)


def _is_stale(opened: Opened, row: Party, role: Role | None, what: str) -> bool:
    """Tell whether the newest answer to ``what`` is about something else than the newest version.

    No answer is: whoever is still asked answers about the newest.
    """
    if role is None or what not in ABOUT_CONTENT:
        return False
    asked = Task.objects.select_related("case").filter(
        party_id=row.id, key__startswith=queries.TASKS_OF, task=what
    )
    newest = asked.order_by("id").last()
    if newest is None or newest.state != "done":
        return False
    version = queries.task_file(newest, opened.key).version or _version_at(row, newest.decided_at)
    if version == opened.application.version:
        return False
    then = queries.opened_version(opened.case.id, version)
    return _seen(opened, role) != _seen(then, role)


def _version_at(row: Party, moment: datetime | None) -> int:
    """Return the version that was the newest one then: for answers that do not name theirs."""
    rows = Application.objects.filter(case_id=row.case_id)
    before = rows.filter(made_at__lte=moment) if moment else rows
    return before.order_by("-version").values_list("version", flat=True).first() or 1


def _seen(opened: Opened, role: Role) -> list[SummarySection]:
    """Return what a role may read of a version."""
    release = offers.release(opened.case.digest)
    sections = summary(
        release,
        from_application(release, dict(opened.application.data)),
        lang="de",
        today=clock.local(opened.case.submitted_at).date(),
    )
    return [one for one in sections if one.page in role.sees]


def _ask_anew(opened: Opened, row: Party, role: Role, stale: list[str]) -> None:
    now, version = clock.now(), opened.application.version
    row.due_at = now + role.due if role.due else None
    Party.objects.filter(id=row.id).update(due_at=row.due_at)
    Party.objects.filter(id=row.id, state="done").update(state="joined")
    for what in stale:
        asked_of(row, role, what, key=f"{queries.TASKS_OF}{row.id}:{what}:{version}")
        fact = PartyAskedAnew(
            authority_id=row.authority_id,
            case_id=row.case_id,
            party_id=row.id,
            role=row.role,
            task=what,
            version=version,
        )
        events.record(fact)
    set_reminders(row, role, now)
    if row.by_post:
        post_again(row)
    else:
        mail_news(party_id=row.id)
