"""What is offered, owed and exchanged: services, commitments, flows, delays (S0 3, S2 4, S3 3, S4 9)."""

from collections.abc import Iterable, Sequence

from maillage.catalogue.rights import APPLIED_FOR
from maillage.conventions.drafting.export.words import (
    Names,
    cadence,
    choice,
    joined,
    kept,
    listing,
    quotation,
    quoted,
    said,
    to_fill,
    value,
    words,
)
from maillage.conventions.terms import Blank
from maillage.conventions.terms.clocks import Clock, ClockNature, ClockStart
from maillage.conventions.terms.commitments import Commitment
from maillage.conventions.terms.flows import Channel, DataNature, Flow, Roles
from maillage.conventions.terms.identity import Objective, Public
from maillage.conventions.terms.services import Module, Service, Trunk
from maillage.documents.composition import Block, Line, Listing, Paragraph, Style, Table


def objectives(clauses: Sequence[Objective], names: Names) -> list[Block]:
    """What the convention aims at."""
    _ = names
    blocks: list[Block] = (
        [Paragraph(words("La convention a pour objectifs de :"))] if len(clauses) > 1 else []
    )
    blocks += listing(said(choice(one), one.text) for one in kept(clauses))
    return [*blocks, *(quote for one in clauses for quote in quoted(one))]


def public(clauses: Sequence[Public], names: Names) -> list[Block]:
    """Who may be referred."""
    _ = names
    blocks: list[Block] = []
    for one in clauses:
        told = [*one.conditions, *(item.label for item in one.criteria)]
        blocks += [Paragraph(words(one.text)), *listing(words(condition) for condition in told)]
        blocks += quoted(one)
    return blocks


def services(clauses: Sequence[Service], names: Names) -> list[Block]:
    """A table for each trunk, then what each service says of itself."""
    chosen = kept(clauses)
    blocks: list[Block] = []
    for trunk, title in (
        (Trunk.COMMON, "Tronc commun"),
        (Trunk.OPTIONAL, "Tronc optionnel"),
        (None, "Services"),
    ):
        rows = tuple(
            (said(choice(one), one.label), words(names.all(one.debtors)))
            for one in chosen
            if one.trunk is trunk
        )
        if rows:
            blocks.append(Table(title, (title, "Rendu par"), rows, (7, 3)))
    for one in chosen:
        blocks += _described(one, names)
    return blocks


def _described(service: Service, names: Names) -> list[Block]:
    rules = service.eligibility
    described = (
        service.description,
        rules,
        service.motives,
        service.local_adaptation,
        service.quote,
        service.secondment,
    )
    if not any(part is not None and part != () for part in described):
        return []
    title = words(service.label, Style.STRONG)
    blocks: list[Block] = [
        Paragraph(said(title, f". {service.description}") if service.description else title)
    ]
    if service.motives:
        blocks.append(Paragraph(words("Motifs :")))
        blocks += listing(words(one.label) for one in service.motives)
    if rules is not None:
        enough = f" et au moins {rules.at_least} des situations suivantes" if rules.at_least else ""
        if rules.conditions or enough:
            blocks.append(Paragraph(words(f"Conditions{enough} :")))
            blocks += listing(words(one.label) for one in (*rules.conditions, *rules.items))
        if rules.exclusions:
            blocks.append(
                Paragraph(words("Ne sont pas concernées les personnes dans l’une de ces situations :"))
            )
            blocks += listing(words(one.label) for one in rules.exclusions)
    if service.local_adaptation is not None:
        blocks.append(Paragraph(value(service.local_adaptation)))
    if service.secondment is not None and service.secondment.agenda_by is not None:
        blocks.append(Paragraph(words(f"Agenda tenu par : {names.all([service.secondment.agenda_by])}.")))
    return [*blocks, *quoted(service)]


def modules(clauses: Sequence[Module], names: Names) -> list[Block]:
    """Themes of information and training."""
    _ = names
    return [*listing(said(choice(one), one.label) for one in kept(clauses))]


def commitments(clauses: Sequence[Commitment], names: Names) -> list[Block]:
    """Who undertakes what, debtors together, in the order of the text."""
    groups: dict[tuple[str, ...], list[Line]] = {}
    for one in kept(clauses):
        groups.setdefault(one.debtors, []).append(_owed(one))
    blocks: list[Block] = []
    for debtors, items in groups.items():
        verb = "s’engagent à" if len(debtors) > 1 else "s’engage à"
        blocks += [Paragraph(words(f"{names.all(debtors)} {verb} :", Style.STRONG)), Listing(tuple(items))]
    return blocks


def _owed(one: Commitment) -> Line:
    when = cadence(one.cadence)
    quote = said(" ", quotation(one.quote)) if one.quote else ()
    under = one.conditional_on[:1].lower() + one.conditional_on[1:] if one.conditional_on else ""
    sentence = said(
        choice(one),
        one.what,
        quote,
        said(", ", when) if when else (),
        said(", ", words(under)) if under else (),
    )
    amount = said(". Montant : ", value(one.amount)) if one.amount is not None else ()
    agreed = said(". Modalités convenues : ", value(one.terms_of_use)) if one.terms_of_use is not None else ()
    told = (*sentence, *amount, *agreed)
    return told if told[-1].text.endswith(".") else said(told, ".")


def flows(clauses: Sequence[Flow], names: Names) -> list[Block]:
    """Who may send what to whom, by which way."""
    chosen = kept(clauses)
    if not chosen:
        return []
    with_roles = any(one.roles is not None for one in chosen)
    head = ("Échange", "De → vers", "Données", "Voie", *(("Rôles (RGPD)",) if with_roles else ()))
    rows = tuple(
        (
            said(choice(one), one.label, _conditions(one)),
            words(f"{names.of(one.sender)} → {names.of(one.recipient)}"),
            words("aucune" if one.data is DataNature.NONE else one.data.label.removeprefix("données ")),
            ways(one.channels, names),
            *((roles(one.roles, names),) if with_roles else ()),
        )
        for one in chosen
    )
    widths = (5, 4, 3, 5, 4) if with_roles else (5, 4, 3, 5)
    quotes = [quote for one in chosen for quote in quoted(one)]
    return [Table("Échanges entre les parties", head, rows, widths), *quotes]


def _conditions(flow: Flow) -> Line:
    told = [*flow.conditions, *(item.label for item in (*flow.criteria, *flow.situations))]
    if flow.rights:
        told.insert(0, f"Demandes : {', '.join(APPLIED_FOR[right] for right in flow.rights)}")
    return words("\n" + " ; ".join(told), Style.SMALL) if told else ()


def ways(channels: Blank | tuple[Channel, ...], names: Names) -> Line:
    """The ways by which something goes, one a line."""
    if isinstance(channels, Blank):
        return to_fill(channels)
    return joined([words(_way(one, names)) for one in channels], "\n")


def _way(channel: Channel, names: Names) -> str:
    text = channel.kind.label
    text += f" : {channel.description}" if channel.description else ""
    text += f" {channel.number}" if channel.number else ""
    text += f", en disant « {channel.words} »" if channel.words else ""
    text += f" ({names.of(channel.through)})" if channel.through else ""
    return text + (" (de préférence)" if channel.preferred else "")


def roles(of: Blank | Roles | None, names: Names) -> Line:
    """Controllers and processors."""
    if of is None:
        return ()
    if isinstance(of, Blank):
        return to_fill(of)
    together = "conjoints" if of.joint else ""
    label = f"responsables {together}".strip() if len(of.controllers) > 1 else "responsable"
    text = f"{label} : {names.all(of.controllers)}"
    return words(text + (f"\nsous-traitant : {names.all(of.processors)}" if of.processors else ""))


def clocks(clauses: Sequence[Clock], names: Names) -> list[Block]:
    """The delays that are promised."""
    _ = names
    chosen = kept(clauses)
    if not chosen:
        return []
    rows = tuple((said(choice(one), one.label), _delay(one), _counted(one)) for one in chosen)
    return [Table("Délais", ("Droit", "Délai", "Décompte et preuves"), rows, (5, 4, 6))]


def _delay(one: Clock) -> Line:
    if one.promised is None:
        return words("aucun nombre de jours")
    days = " calendaires" if not isinstance(one.promised, Blank) and one.promised.days else ""
    informative = " en moyenne, pour information" if one.nature is ClockNature.INFORMATIVE else ""
    return said(value(one.promised), days + informative)


def _counted(one: Clock) -> Line:
    lines: list[Line] = []
    if one.start is not None and one.start is not ClockStart.NOT_STATED:
        lines.append(
            words(f"de la {one.start.label}" if one.start is not ClockStart.SENDING else "de l’envoi")
        )
    if one.urgency:
        lines.append(words(f"Urgence : {one.urgency}"))
    if one.proofs:
        lines.append(words("Preuve, une suffit : " + ", ".join(proof.label for proof in one.proofs)))
    if one.thresholds is not None:
        lines.append(said("Seuils d’alerte : ", value(one.thresholds)))
    return joined([*lines, *_quotes([one])], "\n")


def _quotes(clauses: Iterable[Clock]) -> list[Line]:
    return [quotation(one.quote) for one in clauses if one.quote]
