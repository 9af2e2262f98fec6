"""What impact assessments ask of a member today, for « À faire »: answers, answers awaited, reviews. Never a person's name."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.urls import reverse

from maillage.organisations.member import Member
from maillage.protection.assessments.notifications import reference
from maillage.protection.assessments.queries import awaited, to_answer, to_review
from maillage.protection.assessments.rules import Kind
from maillage.protection.policies import can_follow
from maillage.web.home.tasks import Task
from maillage.web.protection.assessments.words import changed_words, due_why, review_why
from maillage.web.protection.cut import rest

_KIND: Final = "impact_assessment"
_ANSWER: Final = {
    Kind.OPINION.value: "Donner l’avis du délégué sur une analyse d’impact",
    Kind.DOCUMENTATION.value: "Donner votre documentation pour une analyse d’impact",
}


def due(member: Member, on: date) -> list[Task]:
    """What is to be answered, what is late elsewhere or to be written to, what is to be reviewed."""
    return list(_tasks(member, on)) if can_follow(member) else []


def _tasks(member: Member, on: date) -> Iterator[Task]:
    asked, waited, reviews = to_answer(member), awaited(member), to_review(member, on)
    for one in asked:
        url = reverse("protection:assessment_contribution", args=[one.pk])
        title = f"{_ANSWER[one.kind]}, {reference(one.pk)}"
        yield Task(title, url, one.due_on, f"{one.leader.name} le demande.", _KIND, due_why(one))
    for one in waited:
        url = reverse("protection:assessment_contribution", args=[one.pk])
        if not one.is_here:
            title = f"Écrire à {one.organisation.short_name} puis noter sa réponse, {reference(one.pk)}"
            yield Task(title, url, one.due_on, "Personne n’y est sur Maillage.", _KIND, due_why(one))
        elif one.due_on < on:
            title = f"Relancer {one.organisation.short_name} pour une analyse d’impact, {reference(one.pk)}"
            yield Task(title, url, one.due_on, "Sa réponse n’est pas venue.", _KIND, due_why(one))
    for review in reviews:
        row, next_one = review.row, review.draft or review.row
        title = f"Revoir une analyse d’impact, {reference(row.pk)} : {row.scope}"
        url = reverse("protection:assessment", args=[next_one.pk])
        if review.changes is None:
            yield Task(title, url, row.review_on, "Sa date de révision vient.", _KIND, review_why(row))
            continue
        begun = " Sa nouvelle version est en préparation." if review.draft else ""
        yield Task(title, url, on, f"{changed_words(row, review.changes)}{begun}", _KIND, review_why(row))
    url = reverse("protection:assessments")
    yield from rest(asked, "contributions à donner", url, _KIND)
    yield from rest(waited, "contributions attendues", url, _KIND)
    yield from rest(reviews, "analyses validées", url, _KIND)
