"""What must hold between clauses: keys that are unique, names that lead somewhere."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maillage.catalogue.measures import DAYS, MEASURED, PERCENT
from maillage.catalogue.rights import APPLIED_FOR, OFFERED
from maillage.catalogue.rules import KINDS
from maillage.conventions.terms.base import PERSON, OptionalClause
from maillage.conventions.terms.blanks import Blank
from maillage.conventions.terms.duration import exit_names
from maillage.conventions.terms.errors import Problem
from maillage.conventions.terms.flows import DataNature, Roles
from maillage.conventions.terms.identity import Level
from maillage.conventions.terms.lawful import contradicted
from maillage.conventions.terms.protection import ProtectionRegime
from maillage.conventions.terms.services import Service
from maillage.conventions.terms.steering import AnswerKind, Indicator

if TYPE_CHECKING:
    from maillage.conventions.terms.terms import Terms

KEYED_LISTS = (
    "relations", "objectives", "public", "parties", "third_parties", "signatures", "services", "modules",
    "commitments", "flows", "clocks", "referents", "committees", "indicators", "protection", "obligations",
    "axes", "annexes",
)  # fmt: skip


def problems_of(terms: "Terms") -> tuple[Problem, ...]:
    """Everything that does not hold together, in the order of the file."""
    return tuple(
        problem
        for check in (_keys, _identity, _duration, _references, _flows, _protection, _steering, _options)
        for problem in check(terms)
    )


def _keys(terms: "Terms") -> Iterator[Problem]:
    for name in KEYED_LISTS:
        yield from _unique(name, [clause.key for clause in getattr(terms, name)])
    for position, party in enumerate(terms.parties):
        yield from _unique(f"parties[{position}].representatives", [one.key for one in party.representatives])
        yield from _unique(f"parties[{position}].structures", [one.key for one in party.structures])
    shared = {party.key for party in terms.parties} & {third.key for third in terms.third_parties}
    for position, third in enumerate(terms.third_parties):
        if third.key in shared:
            yield Problem(
                f"third_parties[{position}].key", f"une clé qu'aucune partie ne porte (« {third.key} »)"
            )
    sheets = [sheet for axis in terms.axes for sheet in axis.sheets]
    yield from _unique("axes", [sheet.key for sheet in sheets])
    yield from _unique("axes", [str(sheet.number) for sheet in sheets])


def _unique(path: str, keys: list[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, key in enumerate(keys):
        if key in seen:
            yield Problem(f"{path}[{position}].key", f"une clé unique dans la liste ; « {key} » y est déjà")
        seen.add(key)
    if PERSON in seen and path in {"parties", "third_parties"}:
        yield Problem(path, f"une autre clé que « {PERSON} », réservée à la personne elle-même")


def _identity(terms: "Terms") -> Iterator[Problem]:
    if terms.local_template is not None and terms.level is not Level.NATIONAL_FRAMEWORK:
        yield Problem("level", "« national_framework » pour qui porte un modèle local (local_template)")
    if terms.local_template is not None and terms.local_template.level is not Level.TEMPLATE:
        yield Problem("local_template.level", "« template »")
    if isinstance(terms.originals, int) and terms.originals < 1:
        yield Problem("originals", "au moins un exemplaire original")
    parties = {party.key: party for party in terms.parties}
    for position, signature in enumerate(terms.signatures):
        party = parties.get(signature.party)
        path = f"signatures[{position}]"
        if party is None:
            yield _unknown(f"{path}.party", signature.party, parties)
        elif signature.representative not in {one.key for one in party.representatives}:
            yield _unknown(
                f"{path}.representative", signature.representative, [one.key for one in party.representatives]
            )


def _duration(terms: "Terms") -> Iterator[Problem]:
    if (
        isinstance(terms.term, Blank)
        and not isinstance(terms.renewal, Blank)
        and terms.renewal.mode != "none"
    ):
        yield Problem("term", "un terme, puisque la convention dit comment elle se renouvelle (renewal)")
    if isinstance(terms.exits, tuple):
        try:
            exit_names(terms.exits)
        except ValueError as error:
            yield Problem("exits", str(error))
        parties = [party.key for party in terms.parties]
        for position, clause in enumerate(terms.exits):
            yield from _known(f"exits[{position}].by", clause.by, parties)


def _references(terms: "Terms") -> Iterator[Problem]:
    actors = _actors(terms)
    with_person = [*actors, PERSON]
    services = [service.key for service in terms.services]
    for position, public in enumerate(terms.public):
        yield from _known(f"public[{position}].services", public.services, services)
        yield from _unique(f"public[{position}].criteria", [one.key for one in public.criteria])
    for position, third in enumerate(terms.third_parties):
        if third.of is not None:
            yield from _known(f"third_parties[{position}].of", [third.of], actors)
    for position, service in enumerate(terms.services):
        yield from _known(f"services[{position}].debtors", service.debtors, actors)
        if service.secondment is not None:
            yield from _secondment(f"services[{position}].secondment", service, terms)
    for position, module in enumerate(terms.modules):
        yield from _known(f"modules[{position}].services", module.services, services)
    for position, commitment in enumerate(terms.commitments):
        path = f"commitments[{position}]"
        yield from _known(f"{path}.debtors", commitment.debtors, actors)
        yield from _known(f"{path}.beneficiaries", commitment.beneficiaries, with_person)
        yield from _known(f"{path}.services", commitment.services, services)
        yield from _known(f"{path}.support_kinds", commitment.support_kinds, KINDS)
        yield from _known(f"{path}.support_services", commitment.support_services, OFFERED)
    for position, obligation in enumerate(terms.obligations):
        path = f"obligations[{position}]"
        yield from _known(f"{path}.debtors", obligation.debtors, actors)
        yield from _known(f"{path}.approvers", obligation.approvers, actors)
        yield from _known(f"{path}.informed", obligation.informed, actors)


def _secondment(path: str, service: Service, terms: "Terms") -> Iterator[Problem]:
    said = service.secondment
    if said is None:
        return
    parties = [party.key for party in terms.parties]
    yield from _known(f"{path}.delegates", [said.delegates], parties)
    yield from _known(f"{path}.hosts", [said.hosts], parties)
    if said.delegates == said.hosts:
        yield Problem(f"{path}.hosts", "une autre partie que celle qui délègue son agent")
    if said.agenda_by is not None:
        yield from _known(f"{path}.agenda_by", [said.agenda_by], [said.delegates, said.hosts])
    flow = next((flow for flow in terms.flows if flow.key == said.flow), None)
    if flow is None:
        yield _unknown(f"{path}.flow", said.flow, [flow.key for flow in terms.flows])
    elif (flow.sender, flow.recipient, flow.service) != (said.hosts, said.delegates, service.key):
        yield Problem(f"{path}.flow", "un flux de ce service, de la partie qui accueille à celle qui délègue")


def _flows(terms: "Terms") -> Iterator[Problem]:
    actors = _actors(terms)
    services = [service.key for service in terms.services]
    for position, flow in enumerate(terms.flows):
        path = f"flows[{position}]"
        yield from _known(f"{path}.sender", [flow.sender], [*actors, PERSON])
        yield from _known(f"{path}.recipient", [flow.recipient], [*actors, PERSON])
        yield from _known(f"{path}.proposed_by", flow.proposed_by, actors)
        if flow.service is not None:
            yield from _known(f"{path}.service", [flow.service], services)
        yield from _known(f"{path}.rights", flow.rights, APPLIED_FOR)
        yield from _unique(f"{path}.criteria", [one.key for one in flow.criteria])
        yield from _unique(f"{path}.situations", [one.key for one in flow.situations])
        if flow.forwards is not None:
            others = [other.key for other in terms.flows if other.key != flow.key]
            yield from _known(f"{path}.forwards", [flow.forwards], others)
        if flow.sender == flow.recipient:
            yield Problem(f"{path}.recipient", "un destinataire autre que l'expéditeur")
        if flow.data is DataNature.NONE and flow.data_fields:
            yield Problem(f"{path}.data_fields", "aucune donnée, puisque le flux n'en porte pas (data: none)")
        if isinstance(flow.channels, tuple):
            passed = [channel.through for channel in flow.channels if channel.through is not None]
            yield from _known(f"{path}.channels", passed, actors)
        yield from _roles(f"{path}.roles", flow.roles, actors)
    clocks = [clock.key for clock in terms.clocks]
    for position, clock in enumerate(terms.clocks):
        if clock.variant_of is not None:
            others = [key for key in clocks if key != clock.key]
            yield from _known(f"clocks[{position}].variant_of", [clock.variant_of], others)
        yield from _known(f"clocks[{position}].debtors", clock.debtors, actors)
    flows = [flow.key for flow in terms.flows]
    for position, relation in enumerate(terms.relations):
        yield from _known(f"relations[{position}].replaces_for", relation.replaces_for, flows)


def _roles(path: str, roles: Roles | Blank | None, actors: list[str]) -> Iterator[Problem]:
    if isinstance(roles, Roles):
        yield from _known(f"{path}.controllers", roles.controllers, actors)
        yield from _known(f"{path}.processors", roles.processors, actors)


def _protection(terms: "Terms") -> Iterator[Problem]:
    actors = _actors(terms)
    flows = {flow.key: flow for flow in terms.flows}
    for position, regime in enumerate(terms.protection):
        path = f"protection[{position}]"
        yield from _known(f"{path}.flows", regime.flows, flows)
        yield from _roles(f"{path}.roles", regime.roles, actors)
        for part, fields in _ACTORS_OF_REGIME.items():
            value = getattr(regime, part)
            if value is not None and not isinstance(value, Blank):
                for field in fields:
                    named = getattr(value, field)
                    if named is not None and not isinstance(named, Blank):
                        yield from _known(f"{path}.{part}.{field}", named, actors)
        if isinstance(regime.dpos, tuple):
            yield from _known(f"{path}.dpos", [dpo.party for dpo in regime.dpos], actors)
        for number, duty in enumerate(regime.duties):
            yield from _known(f"{path}.duties[{number}].debtors", duty.debtors, actors)
        yield from _unique(f"{path}.duties", [duty.key for duty in regime.duties])
        yield from _bases(f"{path}.lawful_bases", regime)
        for key in regime.flows:
            if regime.nominative_data is False and key in flows and flows[key].data is DataNature.NOMINATIVE:
                yield Problem(f"{path}.flows", f"des flux sans donnée nominative ; « {key} » en porte")


def _bases(path: str, regime: ProtectionRegime) -> Iterator[Problem]:
    if unstated := contradicted(regime):
        names = ", ".join(one.value for one in unstated)
        yield Problem(path, f"aussi les bases que nomment les mots du texte : {names}")
    if regime.lawful_bases == ():
        yield Problem(path, "au moins une base de l’article 6.1 du RGPD, ou un blanc")


_ACTORS_OF_REGIME = {
    "breach": ("notifies", "notified", "decides"),
    "rights_requests": ("addressees", "relayed_to"),
    "information": ("by",),
    "destruction": ("by",),
    "impact_assessment": ("led_by", "helped_by"),
    "sub_processing": ("prior_authorisation_by", "fully_liable"),
}


def _steering(terms: "Terms") -> Iterator[Problem]:
    actors = _actors(terms)
    for position, referent in enumerate(terms.referents):
        yield from _known(f"referents[{position}].party", [referent.party], actors)
        yield from _known(f"referents[{position}].solicited_by", list(referent.solicited_by), actors)
    for position, committee in enumerate(terms.committees):
        yield from _known(f"committees[{position}].members", committee.members, actors)
        yield from _known(f"committees[{position}].convened_by", committee.convened_by, actors)
    before: list[str] = []
    for position, indicator in enumerate(terms.indicators):
        if indicator.condition is not None:
            yield from _known(
                f"indicators[{position}].condition.indicator", [indicator.condition.indicator], before
            )
        yield from _counted(f"indicators[{position}]", indicator)
        before.append(indicator.key)


def _counted(path: str, indicator: Indicator) -> Iterator[Problem]:
    """What it names is counted by Maillage, as a share for a percentage and as a mean for a duration."""
    yield from _known(f"{path}.measure", list(indicator.measures), MEASURED)
    wanted = {AnswerKind.PERCENT: PERCENT, AnswerKind.DURATION: DAYS}.get(indicator.answer)
    for code in indicator.measures:
        ratio = MEASURED.get(code)
        if ratio is not None and (ratio.is_ratio, ratio.unit) != (wanted is not None, wanted or ratio.unit):
            yield Problem(f"{path}.measure", f"« {code} » ne répond pas à « {indicator.answer.label} »")


def _options(terms: "Terms") -> Iterator[Problem]:
    for name in KEYED_LISTS:
        clauses = [clause for clause in getattr(terms, name) if isinstance(clause, OptionalClause)]
        chosen = Counter(clause.option_group for clause in clauses if clause.option_group and clause.chosen)
        for group, count in chosen.items():
            if count > 1:
                yield Problem(name, f"un seul choix parmi les possibilités de « {group} »")


def _actors(terms: "Terms") -> list[str]:
    return [party.key for party in terms.parties] + [third.key for third in terms.third_parties]


def _known(path: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    allowed = list(known)
    for name in names:
        if name not in allowed:
            yield _unknown(path, name, allowed)


def _unknown(path: str, name: str, known: Iterable[str]) -> Problem:
    return Problem(path, f"l'une des clés {', '.join(known) or '(aucune)'} ; « {name} » est inconnue")
