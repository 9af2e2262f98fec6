"""The form to fill by hand (row D1): what the route of one convention needs, nothing else; re-keyed later from its square code."""

from typing import Final

from maillage.beneficiaries.agreement import PROGRESS
from maillage.catalogue.facts import CARE, RENUNCIATION_REASONS
from maillage.conventions.terms import Terms
from maillage.conventions.terms.flows import Flow
from maillage.conventions.terms.services import Item, Service
from maillage.core.french import typeset
from maillage.documents.composition import (
    Choices,
    Fields,
    Paragraph,
    Sheet,
    SheetBlock,
    SheetPart,
    Style,
    Table,
    text,
)
from maillage.referrals.paper.naming import roles_line, service_label, source

_SHORT_REASONS: Final = {
    "cost": "Coût",
    "distance": "Distance",
    "time": "Temps ou délai",
    "disability": "Handicap",
    "rights": "Droits",
    "complexity": "Démarches",
    "other": "Autre",
}


def blank_form(
    terms: Terms,
    flow: Flow,
    *,
    sender: str,
    recipient: str,
    code: tuple[str, ...] = (),
    code_label: str = "",
    copy: str = "",
) -> Sheet:
    """A blank form for one flow: the person, her difficulties, the conditions of the text, what she was told.

    `copy` is the reference of this copy, by which it is entered once in the queue of forms to key in.
    """
    service = next((one for one in terms.services if one.key == flow.service), None)
    return Sheet(
        title=typeset(f"Orientation : {service_label(terms, flow)}"),
        kind_label=typeset(f"{sender} vers {recipient}" + (f" · feuille {copy}" if copy else "")),
        reference=source(terms, flow.article),
        parts=(
            _person(),
            SheetPart(typeset("Ce qui est difficile"), _difficulties(service)),
            SheetPart(typeset("Soins auxquels elle renonce, ou qu’elle repousse"), (_care(),)),
            _urgency(),
            *_conditions(service, flow),
            _told(terms, flow, recipient),
            _signed(sender),
        ),
        code=code,
        code_label=code_label,
    )


def _person() -> SheetPart:
    """Minimal identity, a safe way to reach her; the number is never needed."""
    return SheetPart(
        typeset("La personne"),
        (
            Fields(("Nom", "Prénom", "Date de naissance", "Téléphone"), columns=2),
            Fields((typeset("Qui la représente, si elle est mineure ou protégée : nom et lien"),)),
            Fields(("Autre façon de la joindre, moment sûr pour l’appeler, langue parlée",)),
            Choices(("Ne pas appeler", "Ne pas laisser de message"), columns=2),
            Fields(("Numéro de sécurité sociale (jamais obligatoire)",)),
        ),
    )


def _urgency() -> SheetPart:
    """Two facts (S2 4.1, S4 annex 2): care compromised, with its proof; care imminent, for which one telephones."""
    return SheetPart(
        typeset("Urgence"),
        (
            Choices(
                (
                    typeset("Des soins immédiats ou futurs sont compromis (joindre la pièce qui le montre)"),
                    typeset("Des soins sont imminents : téléphoner, sans attendre cette feuille"),
                )
            ),
        ),
    )


def _told(terms: Terms, flow: Flow, recipient: str) -> SheetPart:
    """The proof that she was told (H7), of which recipient (H18), and what she lets return (D12): asked again when it is keyed in."""
    return SheetPart(
        typeset("Ce qu’elle sait"),
        (
            Paragraph((*text(typeset(f"Destinataire : {recipient}. ")), *roles_line(terms, flow))),
            Choices(
                (
                    typeset("Elle a reçu l’information sur ses données (feuille jointe)"),
                    typeset("Elle est d’accord pour cet envoi"),
                )
            ),
            Paragraph(text(typeset("Ce que nous pourrons savoir de la suite (c’est elle qui choisit) :"))),
            Choices(tuple(map(typeset, PROGRESS.values()))),
            Fields(("Informée le", "Par (fonction)", "Comment, en quelle langue"), columns=3),
        ),
    )


def _signed(sender: str) -> SheetPart:
    """Who refers, and what becomes of the sheet."""
    kept = (
        "Cette feuille porte des données personnelles : ne la laissez pas à la vue, ne l’envoyez pas par courriel. "
        "Une fois saisie dans Maillage, détruisez-la."
    )
    return SheetPart(
        typeset("Qui oriente"),
        (
            Fields((typeset(f"{sender} : fonction"), "Téléphone", "Date"), columns=3),
            Paragraph(text(typeset(kept), Style.SMALL)),
        ),
    )


def _difficulties(service: Service | None) -> tuple[SheetBlock, ...]:
    """The motives of the text, and room for a few words."""
    motives = tuple(typeset(one.label) for one in service.motives) if service else ()
    told = Fields((typeset("En quelques mots : l’essentiel, ni diagnostic, ni détail inutile"),), lines=4)
    return (Choices(motives, columns=2), told) if motives else (told,)


def _care() -> Table:
    """One row for each kind of care; one ticks under the reason."""
    reasons = [_SHORT_REASONS[reason] for reason in RENUNCIATION_REASONS]
    rows = tuple((text(typeset(care)), *(text("☐") for _ in reasons)) for care in CARE.values())
    return Table("Soins et raisons", ("Soins", *map(typeset, reasons)), rows, (3, *(2 for _ in reasons)))


def _conditions(service: Service | None, flow: Flow) -> list[SheetPart]:
    """The conditions of the text, to tick: those of the service, then those of the flow."""
    parts = []
    rules = service.eligibility if service else None
    groups: list[tuple[str, tuple[Item, ...]]] = []
    if rules is not None:
        number = f" ({rules.at_least} au moins)" if rules.at_least else ""
        groups = [
            ("Conditions", rules.conditions),
            (f"Situations{number}", rules.items),
            ("Ce qui ne permet pas cette orientation", rules.exclusions),
        ]
    groups += [("Situations", flow.situations), ("Elle est concernée si", flow.criteria)]
    for title, items in groups:
        if items:
            ticks = Choices(tuple(typeset(one.label) for one in items))
            parts.append(SheetPart(typeset(title), (ticks,)))
    return parts
