"""What is written to the person: the answer with all that is held, a refusal with its ground, a delay that is extended. Pure.

A letter says the same, in the same words, whether she is known or not. It is drawn when it is asked for and kept nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from maillage.conventions.terms.protection import DataRight
from maillage.core.french import date_in_words, typeset
from maillage.documents.composition import (
    Block,
    Heading,
    Letter,
    Listing,
    Paragraph,
    Part,
    Report,
    Run,
    Style,
    text,
)
from maillage.documents.letters import Correspondent, letter
from maillage.protection.requests.held import HeldCase, Section
from maillage.protection.requests.people import Person
from maillage.protection.requests.rules import Outcome, Said, ground_words

_AUTHORITY: Final = (
    "Si cette réponse ne vous convient pas, vous pouvez adresser une réclamation à la CNIL (www.cnil.fr, ou 3 place de Fontenoy,"
    " TSA 80715, 75334 Paris Cedex 07), ou saisir un juge."
)
_UNSENT: Final = (
    "Cette recherche porte sur les dossiers que nous avons envoyés ou reçus. Maillage ne cherche ni dans nos brouillons ni dans nos"
    " dossiers en préparation : si vous pensez qu’un est commencé pour vous, dites-le-nous, nous le chercherons un par un."
)
"""Of a request answered before what is not sent was searched too: the letter, drawn again, says what was true."""
_WHERE: Final = {
    True: "dans les dossiers envoyés ou reçus, les brouillons, les dossiers en préparation et les tableaux",
    False: "dans les dossiers",
}
_RIGHTS: Final = (
    "Vous pouvez demander la rectification de ce qui est faux, la limitation de l’usage de vos données, ou vous y opposer.",
    "L’effacement et la portabilité ne sont ouverts que dans les cas que prévoit le RGPD (articles 17 et 20).",
    "Aucune décision n’est prise à votre sujet par un procédé automatique.",
)


@dataclass(frozen=True, slots=True)
class About:
    """What all letters of one request share. `person` is None where only her case says who she is; `others` answer for themselves.

    `of_contact`: she asks as a contact of a contract. `begun_searched`: what is not sent was searched too, as it is since Maillage does.
    """

    sender: str
    person: Person | None
    reference: str
    rights: tuple[DataRight, ...]
    received_on: date
    written_on: date
    others: tuple[str, ...] = ()
    of_contact: bool = False
    begun_searched: bool = True


def answer_letter(
    about: About,
    cases: int,
    said: Sequence[Said] = (),
    contacts: int = 0,
    *,
    begun: int = 0,
    enrolled: int = 0,
) -> Letter:
    """The letter that goes with what is held, or that says that nothing is."""
    body: list[Block] = [_said(_opening(about))]
    gives = not said or _granted(said, DataRight.ACCESS)
    kept = _counted(cases, contacts, begun, enrolled)
    found = bool(kept or any(one.outcome == Outcome.GRANTED for one in said))
    if gives and kept:
        body.append(
            _said(
                f"Vous trouverez, avec cette lettre, tout ce que notre organisme garde sur vous sur Maillage : {kept}."
                " Le même contenu peut vous être remis en un fichier lisible par une machine (JSON)."
            )
        )
    elif not found:
        where = "parmi les contacts" if about.of_contact else _WHERE[about.begun_searched]
        body.append(
            _said(
                f"Nous avons cherché {where} que notre organisme garde sur Maillage, avec ce que vous nous avez dit de vous :"
                " aucun n’y correspond."
            )
        )
    asked = not said or any(one.right is DataRight.ACCESS for one in said)
    if asked and not about.of_contact and not about.begun_searched:
        body.append(_said(_UNSENT))
    body += _each(said) if found or any(one.outcome == Outcome.REFUSED for one in said) else []
    body += _others(about)
    body.append(_said("Vos autres droits :"))
    body.append(Listing(tuple(text(typeset(one)) for one in _RIGHTS)))
    body.append(_said(_AUTHORITY))
    enclosures = ["ce que nous gardons sur vous"] if gives and found else []
    if _granted(said, DataRight.PORTABILITY):
        enclosures.append("vos coordonnées en un fichier lisible par une machine")
    return _letter(about, "réponse à votre demande sur vos données", body, enclosures)


def _granted(said: Sequence[Said], right: DataRight) -> bool:
    return any(one.right is right and one.outcome == Outcome.GRANTED for one in said)


def _counted(cases: int, contacts: int, begun: int, enrolled: int) -> str:
    """« un dossier, 2 dossiers commencés et pas envoyés, votre inscription PRADO, vos coordonnées de contact »."""
    found = ["un dossier" if cases == 1 else f"{cases} dossiers"] if cases else []
    found += [
        *(["un dossier commencé et pas envoyé"] if begun == 1 else []),
        *([f"{begun} dossiers commencés et pas envoyés"] if begun > 1 else []),
        *(["votre inscription PRADO"] if enrolled == 1 else []),
        *([f"{enrolled} inscriptions PRADO"] if enrolled > 1 else []),
    ]
    return ", ".join([*found, *(["vos coordonnées de contact"] if contacts else [])])


_GRANTED: Final = {
    DataRight.ACCESS: "vous trouverez, avec cette lettre, tout ce que notre organisme garde sur vous sur Maillage.",
    DataRight.RECTIFICATION: "ce qui était faux est corrigé.",
    DataRight.RESTRICTION: "l’usage de vos données est limité : nous les gardons et pouvons les lire, rien ne s’y fait plus. Ceux qui "
    "les ont reçues en sont prévenus. Nous vous écrirons avant de lever cette limitation (article 18.3).",
    DataRight.OBJECTION: "ce qui était en cours pour vous dans notre organisme est fini ; ceux qui ont reçu ces données le savent. "
    "Nous n’en enverrons plus tant que vous ne nous dites pas autrement.",
    DataRight.ERASURE: "vos coordonnées de contact sont effacées, dans la mesure que voici.",
    DataRight.PORTABILITY: "ce que vous nous avez donné vous est remis en un fichier lisible par une machine (JSON ou CSV).",
}
"""What a granted right does, told to the person; what was done of hers (`Said.done`) follows."""


def _each(said: Sequence[Said]) -> list[Block]:
    """The answer to each right, where more was asked than to know what is held; a refusal with its ground (GDPR art. 12.4)."""
    if all(one.right is DataRight.ACCESS for one in said):
        return []
    return [
        _said("Voici notre réponse à chacune de vos demandes :"),
        Listing(tuple(text(typeset(_line(one))) for one in said)),
    ]


def _line(one: Said) -> str:
    name = one.right.label[0].upper() + one.right.label[1:]
    if one.outcome == Outcome.REFUSED:
        return f"{name} : nous ne pouvons pas y donner suite, car {ground_words(one.ground, one.right)}. {one.words}"
    if one.outcome == Outcome.NOTHING:
        return f"{name} : rien n’y correspond."
    what = "" if one.right is DataRight.OBJECTION and one.done else _GRANTED[one.right]
    return " ".join(part for part in (f"{name} :", what, one.done, one.words) if part)


def lifting_letter(about: About) -> Letter:
    """That the use of her data is about to start again, before it does (GDPR art. 18.3)."""
    return _letter(
        about,
        "fin de la limitation de vos données",
        [
            _said(
                "À votre demande, nous avions limité l’usage de vos données : nous les gardions et pouvions les lire,"
                " rien ne s’y faisait plus."
            ),
            _said(
                "Nous allons lever cette limitation : vos données serviront de nouveau à ce pour quoi elles ont été confiées."
                " Si vous n’êtes pas d’accord, écrivez-nous sans attendre."
            ),
            _said(_AUTHORITY),
        ],
    )


def refusal_letter(about: About, said: Sequence[Said]) -> Letter:
    """That the request is refused, on which ground, and how to contest it (GDPR art. 12.4)."""
    return _letter(
        about,
        "votre demande sur vos données",
        [
            _said(_opening(about)),
            *_refused(said),
            *_others(about),
            _said(_AUTHORITY),
        ],
    )


def _refused(said: Sequence[Said]) -> list[Block]:
    """One reason for all where it is the same, else one for each right."""
    if len({(ground_words(one.ground, one.right), one.words) for one in said}) == 1:
        one = said[0]
        return [
            _said(f"Nous ne pouvons pas y donner suite : {ground_words(one.ground, one.right)}."),
            _said(one.words),
        ]
    return [Listing(tuple(text(typeset(_line(one))) for one in said))]


def extension_letter(about: About, *, due: date, reason: str) -> Letter:
    """That the answer takes up to two months more, and why (GDPR art. 12.3)."""
    return _letter(
        about,
        "délai de réponse à votre demande",
        [
            _said(_opening(about)),
            _said(
                f"Nous vous répondrons au plus tard le {date_in_words(due)} : le règlement permet de prolonger de deux mois le délai"
                " d’un mois (RGPD, article 12.3)."
            ),
            _said(f"Pourquoi : {reason}"),
            _said(_AUTHORITY),
        ],
    )


def held_report(cases: Sequence[HeldCase], *, sender: str, reference: str, on: date) -> Report:
    """All that is held, case by case, to be read."""
    return Report(
        title=typeset("Ce que nous gardons sur vous"),
        kind_label=typeset("Droit d’accès, RGPD, article 15"),
        reference=typeset(f"{sender}, demande {reference}, le {date_in_words(on)}"),
        parts=tuple(_part(one) for one in cases),
    )


def _part(one: HeldCase) -> Part:
    blocks: list[Block] = []
    if one.convention:
        blocks.append(Paragraph(text(typeset(one.convention), Style.SMALL)))
    if not one.is_open:
        blocks.append(
            _said(
                "La clé de ce dossier est détruite : ce qui y était écrit ne peut plus être lu par personne."
            )
        )
    for section in one.sections:
        blocks += [Heading(typeset(section.title)), _listed(section)]
    title = f"{one.title}, dossier {one.reference}" if one.reference else one.title
    return Part(typeset(title), tuple(blocks))


def _listed(section: Section) -> Listing:
    """One line each, rather than a table: fifty cases are drawn within seconds, and read aloud in order."""
    return Listing(
        tuple((Run(_asked(label), Style.STRONG), Run(typeset(value))) for label, value in section.lines)
    )


def _asked(label: str) -> str:
    """What a value answers: a question stands as it is, a name is followed by a colon."""
    return typeset(f"{label} " if label.endswith("?") else f"{label} : ")


def _said(words: str) -> Paragraph:
    return Paragraph(text(typeset(words)))


def _opening(about: About) -> str:
    return f"Nous avons reçu le {date_in_words(about.received_on)} votre demande : {_named(about.rights)}."


def _named(rights: Sequence[DataRight]) -> str:
    return ", ".join(one.label for one in rights)


def _others(about: About) -> list[Block]:
    if not about.others:
        return []
    return [
        _said(
            "Nous avons transmis votre demande à ceux qui répondent aussi de données sur vous ; chacun répond pour ce qu’il garde :"
        ),
        Listing(tuple(text(typeset(one)) for one in about.others)),
    ]  # fmt: skip


def _letter(about: About, subject: str, body: Sequence[Block], enclosures: Sequence[str] = ()) -> Letter:
    name, *address = about.person.lines if about.person else ("À compléter",)
    return letter(
        sender=Correspondent(about.sender),
        addressee=Correspondent(name, tuple(address)),
        place="",
        written_on=about.written_on,
        subject=subject,
        references=(f"Demande {about.reference}",),
        body=body,
        signatory="",
        enclosures=enclosures,
    )
