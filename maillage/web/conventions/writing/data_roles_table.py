"""The table of « Qui est quoi »: a line for each flow of persons' data, its blanks shown as such, what one may do beside its state;
then those that go by no flow.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from maillage.conventions.data_roles.models import FlowAcceptance
from maillage.conventions.data_roles.policies import can_accept_for, can_withdraw
from maillage.conventions.data_roles.rules import FlowStanding, Here, Standing
from maillage.conventions.lifecycle.policies import can_fill
from maillage.conventions.terms import Blank
from maillage.conventions.terms.processings import Apart, Processing, leaves_out
from maillage.web.conventions.reading.known import Known
from maillage.web.conventions.reading.tables import card_table
from maillage.web.conventions.reading.values import article_words, blank_text, roles_text
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Table
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset

_COLUMNS: Final = (
    "Échange",
    "De, vers",
    "Responsables et sous-traitants",
    "Délégués à la protection des données",
    "État",
)
_WORDS: Final = {
    Standing.SAID: ("Utilisable", Tone.GOOD),
    Standing.ACCEPTED: ("Utilisable", Tone.GOOD),
    Standing.UNTIL: ("Utilisable", Tone.SOON),
    Standing.BLOCKED: ("Bloqué", Tone.LATE),
    Standing.ELSEWHERE: ("Hors de Maillage", Tone.NEUTRAL),
}


def roles_table(
    known: Known,
    flows: Sequence[FlowStanding],
    given: Sequence[FlowAcceptance],
    here: Here,
    by_none: Sequence[Apart],
) -> Table:
    """One line for each flow, in the order of the text, then one for what goes by none."""
    rows: list[tuple[str, str, str, str, str]] = [
        (_named(known, one), _between(known, one), _roles(known, one.said), _dpos(known, one.said), _state(known, one, given, here))
        for one in flows
    ]  # fmt: skip
    rows += [
        (_apart(one), _held_by(known, one), _roles(known, one), _dpos(known, one), _why_apart(known, one))
        for one in by_none
    ]
    said = [counted(len(flows), "échange")] if flows else []
    said += [f"{counted(len(by_none), 'traitement')} sans échange"] if by_none else []
    return card_table("qui-est-quoi", ", ".join(said), _COLUMNS, rows)


def _lines(parts: Iterable[str]) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((part,) for part in parts if part))


def _named(known: Known, one: FlowStanding) -> SafeString:
    flow = one.said.flow
    service = next((each.label for each in known.terms.services if each.key == flow.service), "")
    return _lines(
        [
            typeset(f"{flow.label} ({article_words(flow.article)})"),
            format_html('<span class="small">{}</span>', typeset(service)) if service else "",
        ]
    )


def _apart(one: Apart) -> str:
    """What data that go by no exchange are for, and where the text speaks of it."""
    article = one.service.article if one.service else one.article
    return typeset(f"{one.label} ({article_words(article)})")


def _held_by(known: Known, one: Apart) -> str:
    return known.names.all(one.parties) or typeset("Aucun échange")


def _why_apart(known: Known, one: Apart) -> SafeString:
    """Nothing is closed for want of these roles: nothing is sent. What is asked is where it is said."""
    asked = one.regime.nominative_data if one.regime else None
    if isinstance(asked, Blank) and one.regime is not None:
        parts = [state_cell("À préciser", Tone.SOON), blank_text(asked)]
        if can_fill(known.member, known.convention):
            parts.append(_fill(known, f"protection[{one.regime.key}].nominative_data", "Répondre"))
        return _lines(parts)
    words = "Rien n’est bloqué : " + one.ground.label + "."
    return _lines([state_cell("Sans échange", Tone.NEUTRAL), typeset(words)])


def _fill(known: Known, path: str, words: str) -> SafeString:
    url = f"{reverse('conventions:fill', args=[known.convention.id])}?{urlencode({'chemin': path})}"
    return format_html('<a href="{}" rel="nofollow">{}</a>', url, words)


def _between(known: Known, one: FlowStanding) -> str:
    flow = one.said.flow
    return f"{known.names.of(flow.sender)} → {known.names.of(flow.recipient)}"


def _roles(known: Known, said: Processing) -> SafeString:
    where = said.regime.article if said.regime else ""
    regime = f"Régime : {said.regime.scope} ({article_words(where)})" if said.regime else ""
    parts = [
        roles_text(said.roles, known.names),
        format_html('<span class="small">{}</span>', typeset(regime)) if regime else "",
    ]
    if known.convention.mine is not None and leaves_out(said, known.convention.mine.key):
        words = "Ce que votre organisme est pour ces données n’est pas dit : un avenant peut le dire."
        parts.append(typeset(words))
    if said.paths and can_fill(known.member, known.convention):
        parts.append(_fill(known, said.paths[0], "Renseigner les rôles"))
    return _lines(parts)


def _dpos(known: Known, said: Processing) -> SafeString:
    return _lines(
        format_html(
            "{}\u00a0: {}",
            known.names.of(dpo.party),
            blank_text(dpo.contact) if isinstance(dpo.contact, Blank) else typeset(dpo.contact),
        )
        for dpo in said.dpos
    )


def _state(known: Known, one: FlowStanding, given: Sequence[FlowAcceptance], here: Here) -> SafeString:
    words, tone = _WORDS[one.standing]
    parts: list[str] = [state_cell(words, tone), typeset(_why(known, one))]
    parts += [_given(known, row, here) for row in given if row.flow_key == one.key]
    if any(can_accept_for(known.member, known.convention, key, here) for key in one.awaited):
        url = reverse("conventions:data_roles_accept", args=[known.convention.id, one.key])
        parts.append(format_html('<a href="{}" rel="nofollow">Accepter de commencer sans les rôles</a>', url))
    return _lines(parts)


def _why(known: Known, one: FlowStanding) -> str:
    """Why it is so, and who is awaited."""
    awaited = ", ".join(known.names.of(key) for key in one.awaited)
    if one.standing is Standing.SAID:
        return f"Rôles renseignés ({article_words(one.said.article)})."
    if one.standing is Standing.ACCEPTED:
        return "Ses deux parties acceptent par écrit de commencer sans les rôles."
    if one.standing is Standing.ELSEWHERE:
        return "Maillage n’ouvre aucun dossier par cette voie ; les rôles restent à compléter."
    if one.until is not None:
        return f"Il se ferme le {long_date(one.until)} sans rôles renseignés ni accord de : {awaited}."
    return f"Les rôles ne sont pas renseignés, et manque l’accord écrit de : {awaited}."


def _given(known: Known, row: FlowAcceptance, here: Here) -> SafeString:
    """An acceptance, with its day and its words; a withdrawn one says when and why."""
    document = format_html(
        ' <a href="{}">Accord écrit</a>',
        reverse("conventions:document", args=[known.convention.id, row.document_id]),
    ) if row.document_id else ""  # fmt: skip
    said = typeset(
        f"{known.names.of(row.party_key)} accepte depuis le {long_date(row.given_on)}. {row.reason}"
    )
    if row.withdrawn_on is not None:
        said += typeset(f" Retiré le {long_date(row.withdrawn_on)} : {row.withdrawn_why}")
    link = ""
    if can_withdraw(known.member, known.convention, row, here):
        url = reverse("conventions:data_roles_withdraw", args=[known.convention.id, row.pk])
        link = format_html(' <a href="{}" rel="nofollow">Retirer cet accord</a>', url)
    return format_html('<span class="small">{}{}{}</span>', said, document, link)
