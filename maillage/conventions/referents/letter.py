"""The letter that tells the other parties of a change of referent: no avenant is needed (S3 art. 4, S4 art. 3)."""

from dataclasses import dataclass
from datetime import date

from maillage.core.french import date_in_words, typeset
from maillage.documents.composition import Letter, Line, Paragraph, Run, Table, blank, text
from maillage.documents.letters import Correspondent, letter, letter_pdf


@dataclass(frozen=True, slots=True)
class ReferentChange:
    """A change, as one letter tells it to one party. Functions and generic boxes: never a person's name."""

    convention: str
    article: str
    sender: Correspondent
    addressee: Correspondent
    level: str
    function: str
    since: date
    written_on: date
    mailbox: str = ""
    phone: str = ""
    former_function: str = ""
    handover_until: date | None = None
    place: str = ""
    signatory: str = ""
    reference: str = ""


def change_letter(change: ReferentChange) -> Letter:
    """The letter, in words."""
    article = f"de l’article {change.article} " if change.article[:1].isdigit() else ""
    is_first = not change.former_function
    what = "a un référent" if is_first else "change de référent"
    opening = (
        f"En application {article}de la convention « {change.convention} », nous vous informons que notre organisme "
        f"{what} à compter du {date_in_words(change.since)}."
    )
    title = "Référent" if is_first else "Nouveau référent"
    rows: list[tuple[Line, ...]] = [
        (text("Fonction"), _known(change.function, "Fonction du référent")),
        (text("Niveau"), _known(change.level, "Niveau")),
        (text("Adresse générique"), _known(change.mailbox, "Adresse électronique")),
        (text("Téléphone"), _known(change.phone, "Téléphone")),
    ]
    if change.former_function:
        rows.append((text("Succède à"), text(typeset(change.former_function))))
    if change.handover_until:
        rows.append(
            (
                text("Passage de relais"),
                text(typeset(f"jusqu’au {date_in_words(change.handover_until)} inclus")),
            )
        )
    return letter(
        sender=change.sender,
        addressee=change.addressee,
        place=change.place,
        written_on=change.written_on,
        subject="désignation du référent" if is_first else "changement de référent",
        references=(f"Nos références : {change.reference}",) if change.reference else (),
        body=(
            Paragraph(text(typeset(opening))),
            Table(title, (title, "À compter de cette date"), tuple(rows), (4, 9)),
            Paragraph(
                text(
                    f"{'Cette désignation' if is_first else 'Ce changement'} n’appelle pas d’avenant. Nous vous remercions "
                    "de mettre à jour votre liste des référents "
                    f"et d’adresser désormais vos demandes à ce contact.{_both(change)}"
                )
            ),
        ),
        signatory=change.signatory,
    )


def _both(change: ReferentChange) -> str:
    """What is said of the hand-over, when there is one."""
    if not change.handover_until:
        return ""
    return (
        f" Jusqu’au {date_in_words(change.handover_until)} inclus, le référent précédent reste joignable lui aussi : "
        "ce que vous envoyez par la plateforme leur parvient à tous deux."
    )


def change_pdf(change: ReferentChange) -> bytes:
    """The letter as a tagged PDF. Raises RenderingFailed."""
    return letter_pdf(change_letter(change))


def _known(words: str, asked: str) -> Line:
    return (Run(typeset(words)),) if words else blank(asked)
