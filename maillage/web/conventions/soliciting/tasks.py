"""What « À faire » says of solicitations: a way, a code, who asks; never a word of them."""

from datetime import date
from zoneinfo import ZoneInfo

from maillage.conventions.solicitations.policies import can_answer
from maillage.conventions.solicitations.queries import to_answer
from maillage.conventions.solicitations.rules import Way
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.web.conventions.soliciting.words import explanation, line
from maillage.web.home.tasks import Task

SHOWN = 50


def answers_due(member: Member, on: date) -> list[Task]:
    """Questions that await an answer which the member's role gives."""
    if not (member.may(Permission.WRITE_CONVENTIONS) or member.may(Permission.WORK_REFERRALS)):
        return []
    tasks = []
    for row in to_answer(member)[:SHOWN]:
        if can_answer(member, row):
            shown = line(row, member, on)
            asked_on = row.asked_at.astimezone(ZoneInfo(member.time_zone)).date()
            title = f"Répondre à une sollicitation : {Way(row.way).label}, {shown['code']}"
            why = f"{row.caller.short_name} sollicite vos référents, {shown['age']}."
            tasks.append(
                Task(title, shown["url"], row.due_on, why, "solicitation", explanation(row, asked_on))
            )
    return tasks
