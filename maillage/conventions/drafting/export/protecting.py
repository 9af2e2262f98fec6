"""What protects personal data, part by part, each at its article (S2 annex 1, S3 6, S4 annex 1)."""

from collections.abc import Callable, Iterator
from typing import Any

from maillage.conventions.drafting.export.offering import roles
from maillage.conventions.drafting.export.words import Names, listing, said, to_fill, value, words
from maillage.conventions.terms import Blank
from maillage.conventions.terms.protection import (
    Breach,
    BreachStart,
    Destruction,
    Dpo,
    ImpactAssessment,
    Information,
    OutsideUnion,
    ProtectionDuty,
    ProtectionRegime,
    Retention,
    RightsRequests,
    SubProcessing,
)
from maillage.core.french import listed
from maillage.documents.composition import Block, Line, Paragraph, Style

Placed = tuple[str, list[Block]]
"""An article and what stands there."""


def regime(one: ProtectionRegime, names: Names) -> Iterator[Placed]:
    """Each part of the regime, with its article; a blank part stands at its own article, or at the regime's."""
    yield one.article, _scope(one, names)
    dpos = one.dpos
    if isinstance(dpos, Blank):
        yield dpos.article or one.article, [Paragraph(to_fill(dpos))]
    elif dpos:
        yield (
            one.article,
            [
                Paragraph(words("Délégués à la protection des données :")),
                *listing(_dpo(dpo, names) for dpo in dpos),
            ],
        )
    for part, sentence in _PARTS.items():
        found = getattr(one, part)
        if isinstance(found, Blank):
            yield found.article or one.article, [Paragraph(to_fill(found))]
        elif found is not None:
            yield found.article, [Paragraph(sentence(found, names))]
    if one.channels is not None:
        yield one.article, [Paragraph(said("Voies d’échange : ", value(one.channels)))]
    duties: dict[tuple[str, tuple[str, ...]], list[ProtectionDuty]] = {}
    for duty in one.duties:
        duties.setdefault((duty.article, duty.debtors), []).append(duty)
    for (article, debtors), owed in duties.items():
        verb = "doivent" if len(debtors) > 1 else "doit"
        yield (
            article,
            [Paragraph(words(f"{names.all(debtors)} {verb} :")), *listing(words(duty.what) for duty in owed)],
        )


def _scope(one: ProtectionRegime, names: Names) -> list[Block]:
    blocks: list[Block] = [Paragraph(words(one.scope, Style.STRONG))]
    if one.legal_basis:
        blocks.append(Paragraph(words("Textes applicables : " + listed(one.legal_basis) + ".")))
    if isinstance(one.lawful_bases, Blank):
        blocks.append(Paragraph(to_fill(one.lawful_bases)))
    elif one.lawful_bases:
        blocks.append(
            Paragraph(words(f"Base légale : {listed([basis.words for basis in one.lawful_bases])}."))
        )
    if isinstance(one.nominative_data, Blank):
        blocks.append(Paragraph(to_fill(one.nominative_data)))
    elif not one.nominative_data:
        blocks.append(Paragraph(words("Aucune donnée nominative ne circule.")))
    blocks.append(Paragraph(roles(one.roles, names)))
    if one.purpose:
        blocks.append(Paragraph(words(f"Finalité : {one.purpose}.")))
    return blocks


def _dpo(dpo: Dpo, names: Names) -> Line:
    return said(f"{names.of(dpo.party)} : ", value(dpo.contact))


def _breach(one: Breach, names: Names) -> Line:
    since = {
        BreachStart.SUSPICION: " dès la suspicion",
        BreachStart.BREACH: " à compter de la violation",
    }.get(one.start, "")
    if one.mutual:
        between = f" entre {names.all(one.notifies)}" if one.notifies else " entre les parties"
        told = f"notification mutuelle{between}"
    else:
        who = names.all(one.notifies) if one.notifies else "la partie qui la constate"
        told = f"notification par {who} à {names.all(one.notified) if one.notified else 'chacune des autres parties'}"
    officer = " (délégué à la protection des données)" if one.to_dpo else ""
    follow = f" {one.follow_up}." if one.follow_up else ""
    return said(
        f"Violation de données : {told}{officer}, dans un délai de ", value(one.within), f"{since}.{follow}"
    )


def _rights(one: RightsRequests, names: Names) -> Line:
    rights = f" ({listed([right.label for right in one.rights])})" if one.rights else ""
    officer = " (délégué à la protection des données)" if one.to_dpo else ""
    way = f", {one.channel.label}" if one.channel.value != "not_stated" else ""
    contact = said(" : ", value(one.contact)) if one.contact is not None else ()
    relayed = f" {names.all(one.relayed_to)} en est ensuite informé." if one.relayed_to else ""
    rectified = (
        f" Les rectifications sont relayées {one.rectification_relayed}." if one.rectification_relayed else ""
    )
    return said(
        f"Droits des personnes{rights} : demandes adressées à {names.all(one.addressees)}{officer}{way}",
        contact,
        f".{relayed}{rectified}",
    )


def _information(one: Information, names: Names) -> Line:
    content = f" {one.content}." if one.content else ""
    return words(
        f"Information des personnes : par {names.all(one.by)}, {one.when[:1].lower()}{one.when[1:]}.{content}"
    )


def _retention(one: Retention, names: Names) -> Line:
    _ = names
    return said("Durée de conservation : ", value(one.delay), f", à compter de : {one.start}.")


def _destruction(one: Destruction, names: Names) -> Line:
    return words(f"Destruction : {one.what}, par {names.all(one.by)}. {one.when}.")


def _assessment(one: ImpactAssessment, names: Names) -> Line:
    helped = f", avec l’aide de {names.all(one.helped_by)}" if one.helped_by else ""
    return words(f"Analyse d’impact : menée par {names.all(one.led_by)}{helped}.")


def _sub_processing(one: SubProcessing, names: Names) -> Line:
    same = " Le sous-traitant ultérieur est tenu aux mêmes obligations." if one.same_obligations else ""
    liable = f" {names.all(one.fully_liable)} en demeure pleinement responsable." if one.fully_liable else ""
    return words(
        f"Sous-traitance ultérieure : autorisation préalable de {names.all(one.prior_authorisation_by)}.{same}{liable}"
    )


def _outside(one: OutsideUnion, names: Names) -> Line:
    _ = names
    guarantees = f" Garanties : {one.guarantees}." if one.guarantees else ""
    return words(f"Transferts hors de l’Union européenne : {one.where}.{guarantees}")


_PARTS: dict[str, Callable[[Any, Names], Line]] = {
    "information": _information,
    "rights_requests": _rights,
    "breach": _breach,
    "sub_processing": _sub_processing,
    "outside_union": _outside,
    "retention": _retention,
    "destruction": _destruction,
    "impact_assessment": _assessment,
}
