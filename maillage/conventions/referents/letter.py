"""The letter that tells the other parties of a change of referent: no avenant is needed (S3 art. 4, S4 art. 3)."""

from dataclasses import dataclass
from datetime import date

from maillage.core.calendar import DAY
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
    ends_on: date | None = None
    place: str = ""
    signatory: str = ""
    reference: str = ""


def change_letter(change: ReferentChange) -> Letter:
    """The letter, in words: somebody is referent, is replaced, or leaves without a successor yet."""
    subject, title, what, since = _subject(change)
    article = f"de l’article {change.article} " if change.article[:1].isdigit() else ""
    opening = (
        f"En application {article}de la convention « {change.convention} », nous vous informons que notre organisme "
        f"{what} à compter du {date_in_words(since)}."
    )
    return letter(
        sender=change.sender,
        addressee=change.addressee,
        place=change.place,
        written_on=change.written_on,
        subject=subject,
        references=(f"Nos références : {change.reference}",) if change.reference else (),
        body=(
            Paragraph(text(typeset(opening))),
            Table(title, (title, _heading(change)), _rows(change), (4, 9)),
            Paragraph(text(typeset(_closing(change)))),
        ),
        signatory=change.signatory,
    )


def _subject(change: ReferentChange) -> tuple[str, str, str, date]:
    """What the letter is about, the title of its table, what happens to the body, from which day."""
    if change.ends_on:
        what = "n’a plus de référent, à ce niveau et pour cette fonction,"
        return "fin de fonction du référent", "Référent", what, change.ends_on + DAY
    if change.former_function:
        return "changement de référent", "Nouveau référent", "change de référent", change.since
    return "désignation du référent", "Référent", "a un référent", change.since


def _heading(change: ReferentChange) -> str:
    return f"Jusqu’au {date_in_words(change.ends_on)}" if change.ends_on else "À compter de cette date"


def _rows(change: ReferentChange) -> tuple[tuple[Line, ...], ...]:
    rows: list[tuple[Line, ...]] = [
        (text("Fonction"), _known(change.function, "Fonction du référent")),
        (text("Niveau"), _known(change.level, "Niveau")),
        (text("Adresse générique"), _known(change.mailbox, "Adresse électronique")),
        (text("Téléphone"), _known(change.phone, "Téléphone")),
    ]
    if change.ends_on:
        return tuple(rows)
    if change.former_function:
        rows.append((text("Succède à"), text(typeset(change.former_function))))
    if change.handover_until:
        until = f"jusqu’au {date_in_words(change.handover_until)} inclus"
        rows.append((text("Passage de relais"), text(typeset(until))))
    return tuple(rows)


def _closing(change: ReferentChange) -> str:
    if change.ends_on:
        return (
            "Cette fin de fonction n’appelle pas d’avenant. Nous vous ferons connaître son successeur dès qu’il sera désigné. "
            "Nous vous remercions de mettre à jour votre liste des référents."
        )
    return (
        f"{'Ce changement' if change.former_function else 'Cette désignation'} n’appelle pas d’avenant. Nous vous remercions "
        "de mettre à jour votre liste des référents "
        f"et d’adresser désormais vos demandes à ce contact.{_both(change)}"
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
