"""What a consolidated text says of the processings of one of its parties, field by field of article 30. Pure: nothing is invented.

One entry for each regime of the text and each title under which the party processes; the flows that no regime covers together.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.base import article_named
from maillage.conventions.terms.data_roles import FlowRoles, bodies_of
from maillage.conventions.terms.flows import Flow, Roles
from maillage.conventions.terms.lawful import basis_of
from maillage.conventions.terms.processings import Apart, Processing, is_of_persons_helped, processings
from maillage.conventions.terms.protection import ProtectionRegime
from maillage.protection.records.rules import Entry, Field, Line, Part


@dataclass(frozen=True, slots=True)
class Text:
    """A convention of an organisation: its text of the day, the organisation's key in it, who the other keys are.

    `names` and `contacts` are those of the directory; the text's own names stand where the directory has none. `own`: how long the
    organisation itself keeps its closed cases, where the text does not say.
    """

    id: str
    title: str
    situation: str
    terms: Terms
    party: str
    names: Mapping[str, str]
    contacts: Mapping[str, str]
    own: tuple[str, ...] = ()

    def name(self, key: str) -> str:
        """A party or a third party, as the directory or the text names it."""
        if key == "person":
            return "la personne elle-même"
        return self.names.get(key) or key


@dataclass(frozen=True, slots=True)
class Group:
    """What one regime covers for which a party has one title."""

    text: Text
    part: Part
    regime: ProtectionRegime | None
    processings: tuple[Processing, ...]

    @property
    def flows(self) -> tuple[Flow, ...]:
        """Its exchanges."""
        return tuple(one.flow for one in self.processings if isinstance(one, FlowRoles))

    @property
    def kept(self) -> tuple[Apart, ...]:
        """What goes by no exchange."""
        return tuple(one for one in self.processings if isinstance(one, Apart))

    @property
    def is_of_persons_helped(self) -> bool:
        """Whether it is about the persons whom the text is for."""
        return any(is_of_persons_helped(one) for one in self.processings)

    @property
    def services(self) -> set[str | None]:
        """Those that it is about."""
        return {flow.service for flow in self.flows} | {one.service.key for one in self.kept if one.service}


def entries(text: Text, held: Iterable[str]) -> Iterator[Entry]:
    """The processings of a party under its text; `held` are the kinds of data that the platform itself keeps of a case."""
    platform = tuple(held)
    for group in groups(text):
        scope = group.regime.scope if group.regime else "Échanges sans régime de protection dans le texte"
        yield Entry(
            f"{text.id}/{group.regime.key if group.regime else ''}/{group.part}",
            group.part,
            f"{text.title} : {scope}",
            text.id,
            tuple(_fields(group, platform)),
        )


def groups(text: Text) -> Iterator[Group]:
    """Each regime, then what no regime covers; under each title, controller first."""
    found = [(one, title_of(one, text.party)) for one in processings(text.terms)]
    for regime in (*text.terms.protection, None):
        for part in (Part.CONTROLLER, Part.PROCESSOR, Part.UNKNOWN):
            mine = tuple(one for one, title in found if one.regime is regime and title is part)
            if mine:
                yield Group(text, part, regime, mine)


def part_of(roles: Roles | Blank, party: str) -> Part | None:
    """Under which title a party processes; None for one that clear roles do not name."""
    if not isinstance(roles, Roles):
        return Part.UNKNOWN
    if party in roles.controllers:
        return Part.CONTROLLER
    return Part.PROCESSOR if party in roles.processors else None


def title_of(one: Processing, party: str) -> Part | None:
    """A party at an end, or that keeps the data, is asked for its role where it is blank, or where clear roles do not name it."""
    part = part_of(one.roles, party)
    if part is None or part is Part.UNKNOWN:
        return Part.UNKNOWN if party in one.parties else None
    return part


def _fields(group: Group, platform: tuple[str, ...]) -> Iterator[Field]:
    yield Field("convention", "Convention", (Line(group.text.title), Line(group.text.situation)))
    yield from _who(group)
    yield Field("purposes", "Finalités", _purposes(group))
    if group.part is not Part.PROCESSOR:
        yield Field("basis", "Fondement", _basis(group.regime))
        yield Field("persons", "Catégories de personnes", _persons(group))
        yield Field("data", "Catégories de données", _data(group, platform))
        yield Field("recipients", "Destinataires", _recipients(group))
    yield Field("transfers", "Transferts hors de l’Union européenne", _outside(group))
    if group.part is not Part.PROCESSOR:
        yield Field("retention", "Délais prévus pour l’effacement", _retention(group))
    yield Field("dpo", "Délégué à la protection des données", _dpo(group))
    yield Field("sub_processing", "Sous-traitance ultérieure", _sub_processing(group))
    yield Field("security", "Sécurité propre à ces échanges", _security(group))  # fmt: skip


def _who(group: Group) -> Iterator[Field]:
    """Controllers and processors beside the party itself; a blank is the text's."""
    blanks = tuple(_blank(one.roles) for one in group.processings if isinstance(one.roles, Blank))
    clear = [one.roles for one in group.processings if isinstance(one.roles, Roles)]
    mine = group.text.party
    if group.part is Part.PROCESSOR:
        on_behalf = _keys(key for one in clear for key in one.controllers)
        yield Field("controllers", "Pour le compte de", _bodies(group.text, on_behalf))
        others = _keys(key for one in clear for key in one.processors if key != mine)
        yield Field(
            "processors",
            "Autres sous-traitants",
            _bodies(group.text, others) or (Line("Aucun dans le texte"),),
        )
        return
    joint = _keys(key for one in clear if one.joint for key in one.controllers if key != mine)
    apart = _keys(
        key for one in clear if not one.joint for key in one.controllers if key != mine and key not in joint
    )
    helped = _keys(key for one in clear for key in one.processors if key != mine)
    none = () if blanks else (Line("Aucun dans le texte"),)
    if blanks:
        yield Field("roles", "Rôles", tuple(dict.fromkeys(blanks)))
    yield Field(
        "joint",
        "Responsables conjoints",
        _bodies(group.text, joint) or none or _silent("Responsables conjoints"),
    )
    yield Field(
        "controllers",
        "Autres responsables, chacun pour soi",
        _bodies(group.text, apart) or none or _silent("Autres responsables"),
    )
    yield Field(
        "processors", "Sous-traitants", _bodies(group.text, helped) or none or _silent("Sous-traitants")
    )


def _keys(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def _bodies(text: Text, keys: Iterable[str]) -> tuple[Line, ...]:
    """Each with its address, as the directory has it."""
    return tuple(
        Line(", ".join(part for part in (text.name(key), text.contacts.get(key, "")) if part)) for key in keys
    )


def _purposes(group: Group) -> tuple[Line, ...]:
    purpose = group.regime.purpose if group.regime else None
    found = (Line(purpose),) if purpose else ()
    labels = tuple(flow.label for flow in group.flows) + tuple(one.label for one in group.kept if one.service)
    return found + tuple(Line(one) for one in labels) or _silent("Finalité du traitement")


def _basis(regime: ProtectionRegime | None) -> tuple[Line, ...]:
    """The bases of article 6.1, or their blank; then the texts that the clause names."""
    if regime is None:
        return _silent("Fondement")
    bases = basis_of(regime)
    stated = (_blank(bases),) if isinstance(bases, Blank) else tuple(Line(one.words) for one in bases)
    return stated + tuple(Line(one) for one in regime.legal_basis)


def _persons(group: Group) -> tuple[Line, ...]:
    """Whom the text is for, where the data are about them; else those that the regime's scope names."""
    if not group.is_of_persons_helped:
        return (Line(group.regime.scope),) if group.regime else _silent("Catégories de personnes")
    public = [
        one.text for one in group.text.terms.public if not one.services or group.services & set(one.services)
    ]
    situations = [item.label for flow in group.flows for item in flow.situations]
    return tuple(Line(one) for one in _keys((*public, *situations))) or _silent("Catégories de personnes")


def _data(group: Group, platform: tuple[str, ...]) -> tuple[Line, ...]:
    """What each flow lists; where it lists nothing the text is silent, and the platform says what it keeps of a case."""
    listed = tuple(
        Line(f"{flow.label} : {', '.join(key.replace('_', ' ') for key in flow.data_fields)}")
        for flow in group.flows
        if flow.data_fields
    )
    if group.flows and not group.kept and all(flow.data_fields for flow in group.flows):
        return listed
    kept = tuple(Line(f"Sur Maillage : {one}") for one in platform) if group.is_of_persons_helped else ()
    return listed + _silent("Données que les échanges transmettent") + kept


def _recipients(group: Group) -> tuple[Line, ...]:
    bodies, mine = bodies_of(group.text.terms), group.text.party
    ends = _keys(key for flow in group.flows for key in (flow.sender, flow.recipient))
    found = tuple(Line(group.text.name(key)) for key in ends if bodies.get(key) != mine)
    return found or _silent("Destinataires")


def _retention(group: Group) -> tuple[Line, ...]:
    """How long, from when, then what is destroyed at the end; what the text leaves blank, or does not speak of, the organisation says
    of its closed cases, else it is asked."""
    own = tuple(Line(one) for one in group.text.own) if group.flows else ()
    if group.regime is None:
        return own or _silent("Durée de conservation")
    found: list[Line] = []
    retention, destruction = group.regime.retention, group.regime.destruction
    if isinstance(retention, Blank):
        found += own or (_blank(retention),)
    elif retention is not None:
        delay = retention.delay.label()
        found.append(Line(f"{delay} à compter de : {retention.start} ({article_named(retention.article)})"))
    if isinstance(destruction, Blank):
        found.append(_blank(destruction))
    elif destruction is not None:
        by = ", ".join(group.text.name(key) for key in destruction.by)
        found.append(
            Line(
                f"Détruites par {by} : {destruction.what}. {destruction.when} ({article_named(destruction.article)})"
            )
        )
    return tuple(found) or own or _silent("Durée de conservation")


def _dpo(group: Group) -> tuple[Line, ...]:
    """That of the party, and of those for which it processes."""
    dpos = group.regime.dpos if group.regime else None
    if isinstance(dpos, Blank):
        return (_blank(dpos),)
    found = tuple(_filled(one.contact, f"{group.text.name(one.party)} : ") for one in dpos or ())
    named = {one.party for one in dpos or ()}
    return found if group.text.party in named else (*found, *_silent("Coordonnées du délégué de l’organisme"))


def _sub_processing(group: Group) -> tuple[Line, ...]:
    clause = group.regime.sub_processing if group.regime else None
    if isinstance(clause, Blank):
        return (_blank(clause),)
    if clause is None:
        return (Line("Le texte n’en prévoit pas"),)
    who = ", ".join(group.text.name(key) for key in clause.prior_authorisation_by)
    return (Line(f"Autorisation préalable de {who} ({article_named(clause.article)})"),)


def _outside(group: Group) -> tuple[Line, ...]:
    """30.1 e, 30.2 c: a text that says nothing is asked."""
    clause = group.regime.outside_union if group.regime else None
    if isinstance(clause, Blank):
        return (_blank(clause),)
    if clause is None:
        return _silent("Transferts éventuels, et leurs garanties")
    guarantees = f", garanties : {clause.guarantees}" if clause.guarantees else ""
    return (
        Line(f"{clause.where[:1].upper()}{clause.where[1:]}{guarantees} ({article_named(clause.article)})"),
    )


def _security(group: Group) -> tuple[Line, ...]:
    """The channel and the duties of the regime; what the platform does is said once, for the whole record."""
    channels = group.regime.channels if group.regime else None
    found = () if channels is None else (_filled(channels, "Voies d’échange : "),)
    duties = group.regime.duties if group.regime else ()
    owed = tuple(Line(one.what) for one in duties if group.text.party in one.debtors)
    return found + owed or (Line("Mesures générales, à la fin du registre"),)


def _filled(value: str | Blank, before: str) -> Line:
    if isinstance(value, Blank):
        return Line(before + _blank(value).text, asked=True)
    return Line(before + value)


def _blank(blank: Blank) -> Line:
    return Line(f"{blank.asked} ({blank.why.label})", asked=True)


def _silent(asked: str) -> tuple[Line, ...]:
    """What article 30 names and the text does not speak of."""
    return (Line(f"{asked} (le texte ne le dit pas)", asked=True),)
