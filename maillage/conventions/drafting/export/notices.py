"""Registered letters that end a convention or warn that it may end: one for each addressee (S0 6, S2 9, S3 9.4, S4 6.4)."""

from dataclasses import dataclass
from datetime import date

from maillage.conventions.terms.base import article_named
from maillage.core.calendar import Period
from maillage.core.french import NBSP, date_in_words, typeset
from maillage.documents.composition import Block, Letter, Line, Paragraph, Run, Style, blank, text
from maillage.documents.letters import REGISTERED, Correspondent, letter


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every letter about a convention needs; `article` is empty where the text gives no such way out."""

    convention: str
    sender: Correspondent
    addressee: Correspondent
    written_on: date
    article: str
    place: str = ""
    signatory: str = ""
    reference: str = ""
    sending: str = REGISTERED


def formal_notice(
    envelope: Envelope,
    *,
    commitment: str,
    commitment_article: str,
    cure: Period | None,
    comply_by: date | None,
    facts: str = "",
) -> Letter:
    """« Mise en demeure » tied to the commitment that is not kept; `comply_by` is the last day to comply.

    The convention stays in force until the other parties decide (S3 art. 9.4): the letter says « pourront ».
    """
    delay: Line = (Run(cure.label().replace(" ", NBSP)),) if cure else blank("Délai pour se conformer")
    until: Line = (Run(f", soit au plus tard le {date_in_words(comply_by)}"),) if comply_by else ()
    body: tuple[Block, ...] = (
        Paragraph(
            text(typeset(f"Par la convention « {envelope.convention} », votre organisme s’est engagé à :"))
        ),
        Paragraph(
            (Run(typeset(commitment), Style.QUOTE), Run(f" ({article_named(commitment_article)}).")),
        ),
        Paragraph(
            (
                Run("Cet engagement n’est pas tenu à ce jour : "),
                *(text(typeset(facts)) if facts else blank("Faits constatés, avec leurs dates")),
                Run("."),
            )
        ),
        Paragraph(
            (
                Run("Nous vous mettons en demeure de le tenir dans un délai de ", Style.STRONG),
                *(Run(run.text, Style.STRONG, run.asked) for run in delay),
                *until,
                Run("."),
            )
        ),
        Paragraph(
            text(
                f"À défaut, les autres parties pourront résilier la convention de plein droit, en application de "
                f"{_the(envelope.article)}. La convention reste en vigueur jusqu’à leur décision."
            )
        ),
        Paragraph(text("Nous restons à votre disposition pour toute explication.")),
    )
    return _registered(envelope, "mise en demeure", body)


def denunciation(envelope: Envelope, *, notice: Period | None, effect: date | None) -> Letter:
    """« Dénonciation »; `effect` is the first day on which the convention no longer runs (for this party at least)."""
    delay = f"Compte tenu du préavis de {notice.label().replace(' ', NBSP)}, elle " if notice else "Elle "
    day: Line = (
        (Run(date_in_words(effect)),) if effect else blank("Date d’effet, à confirmer entre les parties")
    )
    body: tuple[Block, ...] = (
        Paragraph(
            text(
                typeset(
                    f"En application de {_the(envelope.article)} de la convention « {envelope.convention} », "
                    "nous vous notifions notre décision de la dénoncer."
                    if envelope.article
                    else f"Nous vous notifions notre décision de dénoncer la convention « {envelope.convention} »."
                )
            )
        ),
        Paragraph((Run(f"{delay}cessera de produire ses effets le "), *day, Run("."))),
        Paragraph(
            text(
                "Jusqu’à cette date, nos engagements demeurent. Ceux qui survivent au terme, notamment la confidentialité et "
                "le sort des données personnelles, restent dus ensuite."
            )
        ),
    )
    return _registered(envelope, "dénonciation de la convention", body)


def _registered(envelope: Envelope, subject: str, body: tuple[Block, ...]) -> Letter:
    return letter(
        sender=envelope.sender,
        addressee=envelope.addressee,
        place=envelope.place,
        written_on=envelope.written_on,
        subject=subject,
        references=(f"Nos références : {envelope.reference}",) if envelope.reference else (),
        body=body,
        signatory=envelope.signatory,
        sending=envelope.sending,
    )


def _the(article: str) -> str:
    return f"l’article {article}" if article[:1].isdigit() else f"« {article} »"
