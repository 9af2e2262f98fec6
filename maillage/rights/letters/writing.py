"""The letters about an application, in words. Pure: what happened in, a letter out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from maillage.core.french import date_in_words, typeset
from maillage.documents.composition import Block, Letter, Line, Listing, Paragraph, text
from maillage.documents.letters import Correspondent, letter
from maillage.rights.clocks.law import Legal, Silence
from maillage.rights.declared.rights import Piece
from maillage.rights.letters.appeals import Appeal

SHORT_LONGEST: Final = 160
"""Characters of one SMS."""


@dataclass(frozen=True, slots=True)
class About:
    """What all letters of one application share: the caisse and how to reach it, the person, the right by its name."""

    caisse: Correspondent
    mailbox: str
    person: Correspondent
    right: str
    reference: str
    written_on: date
    place: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """A right that is opened, by its name; `by_silence`: by the silence of the caisse, on the day after `lapsed_after`."""

    right: str
    since: date
    until: date | None = None
    covers_since: date | None = None
    lapsed_after: date | None = None


def acknowledgement(about: About, *, received: date, law: Legal, missing: Sequence[Piece] = ()) -> Letter:
    """That the application was received (CRPA L112-3 and R112-5): its day, the service, until when, what silence then means."""
    body: list[Block] = [
        _said(f"Nous avons reçu votre demande le {date_in_words(received)} : {about.right}."),
        _said(_silence(law)),
    ]
    if missing:
        body.append(_said("Pour l’étudier, il nous manque :"))
        body.append(_pieces(missing))
    body.append(_said(_service(about)))
    return _letter(about, "accusé de réception de votre demande", body)


def _silence(law: Legal) -> str:
    if law.silence is None:
        return (
            "Aucun texte ne fixe de délai au-delà duquel notre silence vaudrait réponse : nous vous écrirons."
        )
    if law.due is None:
        return (
            "Le délai de la loi ne court pas, ou ne court plus, tant que les pièces demandées ne sont pas arrivées : "
            f"nous vous dirons la date à partir de laquelle notre silence vaut {_WORTH[law.silence]} ({law.source})."
        )
    end = f"Sans réponse de notre part le {date_in_words(law.due)} au plus tard, notre silence vaut {_WORTH[law.silence]}"
    if law.silence is Silence.ACCEPTANCE:
        return f"{end} : vous pourrez nous demander une attestation ({law.source})."
    return f"{end} : vous pourrez alors contester cette décision ({law.source})."


_WORTH: Final = {Silence.ACCEPTANCE: "accord", Silence.REJECTION: "refus"}


def request_for_pieces(
    about: About, *, pieces: Sequence[Piece], until: date | None, words: str = ""
) -> Letter:
    """What misses, all at once, and until when it is awaited (CRPA L114-5)."""
    body: list[Block] = [
        _said(f"Pour étudier votre demande ({about.right}), il nous manque :"),
        _pieces(pieces),
    ]
    if words:
        body.append(_said(words))
    if until is not None:
        body.append(
            _said(
                f"Envoyez-les-nous ou remettez-les à qui vous aide avant le {date_in_words(until)} au soir."
            )
        )
    if any(piece.indispensable for piece in pieces):
        body.append(
            _said(
                "Sans elles, nous ne pouvons pas décider : le délai de la loi est suspendu jusque-là (CRPA, art. L114-5)."
            )
        )
    body.append(_said(_service(about)))
    return _letter(about, "pièces manquantes à votre demande", body)


def granted(about: About, decision: Granted, *, words: str = "") -> Letter:
    """That the right is opened, from when to when; where silence opened it, this is the attestation (CRPA L232-3)."""
    until = f" au {date_in_words(decision.until)}" if decision.until else ""
    opening = f"Votre droit est ouvert : {decision.right}, du {date_in_words(decision.since)}{until}."
    if decision.lapsed_after is not None:
        opening = (
            f"Nous attestons que votre demande est acceptée : notre silence jusqu’au {date_in_words(decision.lapsed_after)} "
            f"vaut accord. Droit ouvert : {decision.right}, du {date_in_words(decision.since)}{until}."
        )
    body: list[Block] = [_said(opening)]
    if decision.covers_since is not None and decision.covers_since < decision.since:
        body.append(
            _said(f"Les soins reçus depuis le {date_in_words(decision.covers_since)} sont pris en charge.")
        )
    if words:
        body.append(_said(words))
    body.append(_said(_service(about)))
    by_silence = decision.lapsed_after is not None
    return _letter(
        about,
        "attestation d’acceptation de votre demande" if by_silence else "accord sur votre demande",
        body,
    )


def refused(about: About, *, reason: str, appeal: Appeal, words: str = "") -> Letter:
    """That no right is opened, why, and how it is contested (CRPA L211-2 and L211-5)."""
    body: list[Block] = [
        _said(f"Nous ne pouvons pas ouvrir ce droit : {about.right}."),
        _said(f"La raison : {reason[:1].lower()}{reason[1:]}."),
    ]
    if words:
        body.append(_said(words))
    body.append(
        _said(
            f"Si vous n’êtes pas d’accord, vous pouvez contester cette décision auprès de {appeal.first}, dans les "
            f"{appeal.within.label()} qui suivent le jour où vous recevez cette lettre ; puis, si elle la maintient, devant "
            f"{appeal.then} ({appeal.source}). Vous pouvez aussi faire une nouvelle demande si votre situation change."
        )
    )
    body.append(_said(_service(about)))
    return _letter(about, "refus de votre demande", body)


def short_text(caisse: str, reference: str) -> str:
    """What an SMS or an e-mail says: that an answer waits, and nothing of whose nor of what."""
    return f"{caisse[:60]} : une réponse vous attend, référence {reference}. Demandez-la à la personne qui vous aide."


def _said(words: str) -> Paragraph:
    return Paragraph(text(typeset(words)))


def _pieces(pieces: Sequence[Piece]) -> Listing:
    return Listing(tuple(_piece(piece) for piece in pieces))


def _piece(piece: Piece) -> Line:
    either = f" : {' ; ou '.join(piece.one_of)}" if piece.one_of else ""
    return text(typeset(f"{piece.label}{either}"))


def _service(about: About) -> str:
    where = ", ".join((about.caisse.name, *about.caisse.address))
    mailbox = f", {about.mailbox}" if about.mailbox else ""
    return f"Le service chargé de votre dossier : {where}{mailbox}. Citez la référence {about.reference}."


def _letter(about: About, subject: str, body: Sequence[Block]) -> Letter:
    return letter(
        sender=about.caisse,
        addressee=about.person,
        place=about.place,
        written_on=about.written_on,
        subject=subject,
        references=(f"Nos références : {about.reference}",),
        body=body,
        signatory="",
    )
