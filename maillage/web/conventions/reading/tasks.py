"""What conventions ask of a member today, for « À faire »."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.urls import NoReverseMatch, reverse

from maillage.conventions.commitments.queries import registers
from maillage.conventions.commitments.rules import PRESSING
from maillage.conventions.queries import (
    Texts,
    Vacancy,
    amendments_to_sign,
    coming_up,
    drafts_of,
    roles_to_fill,
    standings,
    texts_in_force,
    to_sign,
    to_train,
    vacancies,
)
from maillage.conventions.referents.rules import NAMING_DAYS, TRAINING_DAYS, WARNING_DAYS
from maillage.conventions.terms.steering import Territory
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading.values import article_words
from maillage.web.conventions.reading.words import word_of
from maillage.web.home.tasks import Task
from maillage.web.presentation.components import Explanation
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.numbers import counted

_KIND: Final = "convention"


def convention_tasks(member: Member, on: date) -> list[Task]:
    """Texts to sign, drafts to go on with, dates that come within 120 days, roles and posts that are missing."""
    found: list[Task] = []
    if member.may(Permission.SIGN_CONVENTIONS):
        found += _signatures(member)
    if member.may(Permission.WRITE_CONVENTIONS):
        found += _drafts(member)
        found += _dates(member, on)
    if member.may(Permission.WRITE_CONVENTIONS) or member.may(Permission.RECORD_DATA_ROLES):
        found += _missing(member, on)
    return found


def _missing(member: Member, on: date) -> Iterator[Task]:
    texts = texts_in_force(member, on=on)
    if member.may(Permission.WRITE_CONVENTIONS):
        yield from _posts(texts, on)
        yield from _commitments(texts, on)
    if member.may(Permission.RECORD_DATA_ROLES):
        yield from _roles(texts)


def _signatures(member: Member) -> Iterator[Task]:
    for row in to_sign(member):
        why = "Ce texte est proposé à votre organisme, dont la signature est attendue."
        yield Task(f"Lire et signer : {row.title}", _page(row.id), None, why, _KIND)
    for avenant in amendments_to_sign(member):
        title = f"Lire et signer l’avenant n° {avenant.number} : {avenant.convention.title}"
        why = f"{avenant.title}. Votre signature est attendue."
        yield Task(title, _page(avenant.convention_id), None, why, _KIND)


def _drafts(member: Member) -> Iterator[Task]:
    for row in drafts_of(member):
        why = "Votre organisme rédige ce texte : il reste à le remplir, puis à le proposer aux parties."
        yield Task(f"Continuer la rédaction : {row.title}", _draft(row.id), None, why, _KIND)


def _dates(member: Member, on: date) -> Iterator[Task]:
    for row in coming_up(member, on=on):
        if row.next_due_on is None:
            continue
        explanation = Explanation(
            fact=f"La convention « {row.title} » est suivie jour par jour.",
            rule=f"{row.next_due_what}. La page de la convention dit l’article, le calcul et chaque lecture du texte.",
            calendar="Avertissements 120, 90 et 30 jours avant, comptés depuis la plus proche des lectures.",
        )
        yield Task(row.title, _page(row.id) + "#vie", row.next_due_on, row.next_due_what, _KIND, explanation)


def _posts(texts: Texts, on: date) -> Iterator[Task]:
    found = standings(texts, on=on)
    for one in to_train(found):
        level = word_of(Territory, one.level)
        url = reverse("conventions:referent_train", args=[one.convention, one.referent])
        why = "Le texte veut des référents formés au fonctionnement des autres structures."
        reason = Explanation(
            fact="Ce référent est en fonction, et aucune formation n’est notée pour lui.",
            rule=f"{TRAINING_DAYS} jours après la prise de fonction : repère de la plateforme, le texte ne donne pas de délai.",
            article=article_words(one.article),
        )
        yield Task(f"Former le référent, niveau {level} : {one.title}", url, one.due_on, why, _KIND, reason)
    for post in vacancies(found, on=on):
        level = word_of(Territory, post.level)
        if post.is_coming:
            title = f"Prévoir la suite du référent, niveau {level} : {post.title}"
            why = "Sa fonction prend fin et personne n’est nommé pour la suite."
        else:
            title = f"Nommer {counted(post.missing, 'référent')}, niveau {level} : {post.title}"
            why = (
                "Le texte demande ce référent à votre organisme, et personne ne l’est aujourd’hui."
                if post.missing == 1
                else "Le texte demande ces référents à votre organisme, et ces places sont vides aujourd’hui."
            )
        yield Task(title, _referents(post.convention), post.due_on, why, _KIND, _why_named(post))


def _commitments(texts: Texts, on: date) -> Iterator[Task]:
    """One line for each convention that has commitments of the member's organisation late, or soon owed."""
    for (convention, _), lines in zip(texts, registers(texts, on), strict=True):
        mine = convention.mine.key if convention.mine else ""
        pressing = [one for one in lines if mine in one.clause.debtors and one.followed.standing in PRESSING]
        if not pressing:
            continue
        first = min(pressing, key=lambda one: one.followed.due or on)
        reason = Explanation(
            fact=f"Rien ne montre encore que c’est tenu : {first.clause.what}.",
            rule="Ce qui revient se compte depuis la prise d’effet, ou par les mois que le texte nomme.",
            article=article_words(first.clause.article),
        )
        title = f"Tenir {counted(len(pressing), 'engagement')} : {convention.row.title}"
        url = reverse("conventions:commitments", args=[convention.id]) + "?vue=notres"
        yield Task(title, url, first.followed.due, "Notez ce qui le montre, ou faites-le.", _KIND, reason)


def _why_named(post: Vacancy) -> Explanation:
    since = long_date(post.since)
    if post.is_first:
        fact = f"Le texte demande ce référent depuis le {since} ; personne ne l’a encore été."
        rule = (
            f"{NAMING_DAYS} jours pour le nommer : repère de la plateforme, le texte ne donne pas de délai."
        )
    elif post.is_coming:
        fact = f"À partir du {since}, il manquera un référent que le texte demande."
        rule = (
            f"Rappel {WARNING_DAYS} jours avant : nommez son successeur, au besoin avec un passage de relais."
        )
    else:
        fact = f"La place est vide depuis le {since}, lendemain de la fin d’une fonction."
        rule = "Un référent est attendu sans interruption : nommez un successeur, puis prévenez les autres parties."
    return Explanation(fact=fact, rule=rule, article=article_words(post.article))


def _roles(texts: Texts) -> Iterator[Task]:
    for row, unsaid, left_out in roles_to_fill(texts):
        title = f"Compléter les rôles RGPD : {row.title}"
        words = []
        if unsaid:
            lacking = counted(unsaid, "traitement de données", "traitements de données")
            words.append(f"{lacking} sans responsable connu : le texte ne le dit pas.")
        if left_out:
            without = counted(left_out, "traitement de données", "traitements de données")
            words.append(f"{without} sans rôle dit pour votre organisme : un avenant peut le dire.")
        yield Task(title, reverse("conventions:data_roles", args=[row.id]), None, " ".join(words), _KIND)


def _page(convention: object) -> str:
    return reverse("conventions:convention", args=[convention])


def _referents(convention: object) -> str:
    return reverse("conventions:referents", args=[convention])


def _draft(convention: object) -> str:
    """The page that goes on with a draft, else the convention's own."""
    try:
        return reverse("conventions:write", args=[convention])
    except NoReverseMatch:
        return _page(convention)
