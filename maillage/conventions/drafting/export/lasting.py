"""Sentences on how long the convention lasts, how it is renewed, left and changed (S0 6, S2 9, S3 9.1-9.4, S4 6)."""

from datetime import date

from maillage.conventions.drafting.export.words import (
    Names,
    joined,
    listing,
    quoted,
    said,
    to_fill,
    value,
    words,
)
from maillage.conventions.terms import Blank
from maillage.conventions.terms.duration import (
    AmendmentClause,
    AnniversaryDenunciation,
    Denunciation,
    Exit,
    FormalNotice,
    ImmediateTermination,
    Renewal,
    Term,
)
from maillage.core.french import listed
from maillage.documents.composition import Block, Line, Paragraph

_STARTS = {
    "last_signature": "La convention prend effet à la date de la dernière signature.",
    "first_signature": "La convention prend effet à la date de la première signature.",
}
_COUNTED_FROM = {
    "sending": " compté de l’envoi",
    "first_presentation": " compté de la première présentation",
    "receipt": " compté de la réception",
    "not_stated": "",
}
_CLAUSES = {"objectives": "les objectifs généraux", "referents": "les référents"}


def term(clause: Term) -> list[Block]:
    """When it starts and how long it lasts."""
    sentences: list[Line] = []
    if isinstance(clause.starts, Blank | date):
        sentences.append(said("La convention prend effet le ", value(clause.starts), "."))
    elif clause.starts in _STARTS:
        sentences.append(words(_STARTS[clause.starts]))
    if clause.lasts == "indefinite":
        sentences.append(words("Elle est conclue pour une durée indéterminée."))
    elif clause.lasts is not None:
        sentences.append(said("Elle est conclue pour une durée de ", value(clause.lasts), "."))
    if clause.ends_with is not None:
        until = said(", dont la fin est annoncée au ", value(clause.ends_on)) if clause.ends_on else ()
        sentences.append(said(f"Elle s’achève avec {clause.ends_with}", until, "."))
    elif clause.ends_on is not None:
        sentences.append(said("Elle s’achève le ", value(clause.ends_on), "."))
    return [Paragraph(joined(sentences)), *quoted(clause)]


def renewal(clause: Renewal) -> list[Block]:
    """Whether it goes on at its term."""
    if clause.mode == "none":
        return [Paragraph(words("La convention n’est pas renouvelable.")), *quoted(clause)]
    start = (
        "La convention se renouvelle par tacite reconduction"
        if clause.mode == "tacit"
        else "La convention peut être renouvelée par accord exprès des parties"
    )
    period = said(" pour une durée de ", value(clause.period)) if clause.period is not None else ()
    times = {1: ", une seule fois", "unlimited": "", "not_stated": ""}.get(
        clause.times, f", {clause.times} fois"
    )
    conditions = listing(words(condition.text) for condition in clause.conditions)
    return [Paragraph(said(start, period, times, ".")), *conditions, *quoted(clause)]


def exit_of(clause: Exit, names: Names) -> list[Block]:
    """One way out."""
    by = f" ({names.all(clause.by)})" if clause.by else ""
    form = f" par {clause.form.label}" if clause.form else ""
    addressed = (
        f"{form}, adressée à chacune des autres parties" if form and clause.one_per_addressee else form
    )
    blocks: list[Block]
    if isinstance(clause, Denunciation):
        notice = said(", avec un préavis de ", value(clause.notice), _COUNTED_FROM[clause.counted_from])
        start = f"Chaque partie{by} peut dénoncer la convention à tout moment{addressed}"
        blocks = [Paragraph(said(start, notice if clause.notice is not None else (), "."))]
    elif isinstance(clause, AnniversaryDenunciation):
        blocks = [
            Paragraph(_anniversary(clause, f"Chaque partie{by} peut dénoncer la convention{addressed}"))
        ]
    elif isinstance(clause, FormalNotice):
        cure = said(" pendant ", value(clause.cure), _COUNTED_FROM[clause.counted_from])
        start = f"Après une mise en demeure{form} restée sans effet"
        end = ", les autres parties peuvent résilier la convention de plein droit"
        blocks = [
            Paragraph(
                said(start, cure if clause.cure is not None else (), end, " :" if clause.grounds else ".")
            )
        ]
    elif isinstance(clause, ImmediateTermination):
        indemnity = ", sans indemnité" if clause.indemnity is False else ""
        notably = ", notamment" if clause.open_list else ""
        blocks = [
            Paragraph(words(f"La convention peut être résiliée immédiatement{form}{indemnity}{notably} :"))
        ]
    else:
        notably = ", notamment" if clause.open_list else ""
        blocks = [Paragraph(words(f"La convention peut être résiliée{form}{notably} :"))]
    blocks += listing(words(ground) for ground in getattr(clause, "grounds", ()))
    if clause.effect == "party_leaves":
        blocks.append(Paragraph(words("Seule la partie qui le décide quitte alors la convention.")))
    return [*blocks, *quoted(clause)]


def _anniversary(clause: AnniversaryDenunciation, start: str) -> Line:
    what = "la date anniversaire" if clause.before_what == "anniversary" else "le terme"
    if clause.limit == "at_latest":
        return said(start, ", au plus tard ", value(clause.before), f" avant {what}.")
    if clause.limit == "window":
        return said(start, ", pendant les ", value(clause.before), f" qui précèdent {what}.")
    # The text does not settle between the two readings: neither does its sentence.
    return said(start, ", dans un délai de ", value(clause.before), f" avant {what}.")


def amendment(clause: AmendmentClause) -> list[Block]:
    """How the text may change."""
    signed = {
        "all_parties": " signé par toutes les parties",
        "qualified_representatives": " signé par les représentants dûment habilités des parties",
        None: "",
    }[clause.signed_by]
    annexes = ", annexes comprises," if clause.annexes_included else ""
    sentences = [f"Toute modification de la convention{annexes} fait l’objet d’un avenant{signed}."]
    if clause.names_changes:
        sentences.append("L’avenant précise ce qu’il modifie.")
    if clause.untouchable:
        sentences.append(f"Il ne peut pas remettre en cause {_clauses(clause.untouchable)}.")
    if clause.by_letter:
        sentences.append(f"Ce qui concerne {_clauses(clause.by_letter)} change sans avenant.")
    changes = listing(words(change) for change in clause.automatic)
    return [Paragraph(words(" ".join(sentences))), *changes, *quoted(clause)]


def silent(blank: Blank) -> list[Block]:
    """A whole clause that the text leaves open."""
    return [Paragraph(to_fill(blank))]


def _clauses(paths: tuple[str, ...]) -> str:
    return listed([_CLAUSES.get(path, f"la clause « {path} »") for path in paths])
