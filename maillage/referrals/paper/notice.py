"""What a person is told before her data leave (GDPR 12-14; rows H7, H18): in French, and in easy French.

What the text does not say is a place to fill, with its question: never a guess.
"""

from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.data_roles import regime_of
from maillage.conventions.terms.flows import Flow
from maillage.conventions.terms.protection import Dpo, ProtectionRegime, RightsRequests
from maillage.core.french import typeset, within_quotes
from maillage.documents.composition import (
    Fields,
    Line,
    Listing,
    Paragraph,
    Run,
    Sheet,
    SheetPart,
    Style,
    blank,
    text,
)
from maillage.referrals.paper.naming import names_of, roles_line, service_label, source

_SENT = (
    "votre nom, votre prénom, votre date de naissance",
    "comment vous joindre",
    "ce qui est difficile pour vous, en quelques mots",
    "votre numéro de sécurité sociale, seulement si vous le donnez",
)
_RIGHTS = {
    "access": "savoir ce qui est écrit sur vous",
    "rectification": "faire corriger ce qui est faux",
    "erasure": "faire effacer ce qui n’a plus de raison d’être gardé",
    "restriction": "faire suspendre l’usage de vos données",
    "objection": "vous opposer à leur usage",
    "portability": "récupérer vos données",
}
_ALL_RIGHTS = (
    "access",
    "rectification",
    "restriction",
    "objection",
)  # what S2 annex 1-5 and S4 annex 1-5 name


def notice(terms: Terms, flow: Flow, *, sender: str, recipient: str) -> Sheet:
    """The notice of one flow: who receives, for what, for how long, which rights, whom to write to."""
    regime = regime_of(terms, flow)
    service = service_label(terms, flow)
    parts = (
        _part(
            "Ce que nous vous proposons",
            _said(
                f"Avec votre accord, la personne qui vous accompagne ({sender}) parle de votre situation à {recipient},"
                f" pour : {service}."
            ),
            _said(
                "Vous pouvez refuser, ou changer d’avis plus tard : dites-le à la personne qui vous accompagne."
                " Cela n’enlève rien à vos droits."
            ),
        ),
        _part("Ce qui est envoyé", Listing(tuple(text(typeset(one)) for one in _SENT))),
        _part("Qui répond de vos données", Paragraph(roles_line(terms, flow))),
        _part("À quoi elles servent", Paragraph(_purpose(regime, service))),
        _part("Combien de temps elles sont gardées", Paragraph(_kept(regime))),
        _part("Vos droits", *_rights(terms, regime)),
        _proof(sender),
    )
    return Sheet(
        title="Ce que deviennent vos données",
        kind_label="Information des personnes",
        reference=source(terms, flow.article),
        parts=parts,
    )


def easy_notice(terms: Terms, flow: Flow, *, sender: str, recipient: str) -> Sheet:
    """The same in short sentences and large letters, one idea each, for who reads with difficulty."""
    regime = regime_of(terms, flow)
    parts = (
        _part(
            "Pourquoi cette feuille ?",
            _said(f"La personne qui vous accompagne travaille pour : {sender}."),
            _said(f"Elle peut demander de l’aide à : {recipient}."),
            _said(f"C’est pour : {service_label(terms, flow)}."),
            _said("Pour cela, nous devons donner des informations sur vous."),
        ),
        _part(
            "Quelles informations ?",
            Listing(
                tuple(
                    text(typeset(one))
                    for one in (
                        "Votre nom.",
                        "Votre date de naissance.",
                        "Votre téléphone, ou une autre façon de vous joindre.",
                        "Ce qui est difficile pour vous.",
                    )
                )
            ),
        ),
        _part(
            "Vous choisissez",
            _said("Vous pouvez dire oui. Vous pouvez dire non."),
            _said("Vous pouvez changer d’avis. C’est gratuit."),
            _said("Si vous dites non, vous gardez tous vos droits."),
        ),
        _part(
            "Vos informations sont protégées",
            _said("Seules les personnes qui vous aident les lisent."),
            _said("Vous pouvez demander à les voir. Vous pouvez les faire corriger."),
            Paragraph((Run(typeset("Pour cela, écrivez à : ")), *_address(terms, regime))),
        ),
        _proof(sender),
    )
    return Sheet(
        title="Vos informations",
        kind_label="Facile à lire",
        reference=source(terms, flow.article),
        parts=parts,
        large=True,
    )


def _part(title: str, *blocks: Paragraph | Listing | Fields) -> SheetPart:
    return SheetPart(typeset(title), blocks)


def _said(words: str) -> Paragraph:
    return Paragraph(text(typeset(words)))


def _purpose(regime: ProtectionRegime | None, service: str) -> Line:
    """For what, in words of hers first: a text may say no more than « la seule finalité prévue par la convention »."""
    said = f"À vous accompagner : {service}."
    if regime is not None and regime.purpose:
        said += f" Les mots de la convention : « {within_quotes(regime.purpose)} »."
    return text(typeset(said))


def _kept(regime: ProtectionRegime | None) -> Line:
    retention = regime.retention if regime is not None else None
    if isinstance(retention, Blank):
        return blank(typeset(retention.asked))
    if retention is not None:
        return text(typeset(f"{retention.delay.label().capitalize()}, {retention.start}."))
    destruction = regime.destruction if regime is not None else None
    if isinstance(destruction, Blank):
        return blank(typeset(destruction.asked))
    if destruction is not None:
        return text(typeset(f"Elles sont détruites : {destruction.what}, {destruction.when}."))
    return blank("Durée de conservation")


def _rights(terms: Terms, regime: ProtectionRegime | None) -> tuple[Paragraph | Listing, ...]:
    requests = regime.rights_requests if regime is not None else None
    named = requests.rights if isinstance(requests, RightsRequests) else ()
    rights = [_RIGHTS[right] for right in (named or _ALL_RIGHTS)]
    return (
        _said("Vous pouvez :"),
        Listing(tuple(text(typeset(right)) for right in rights)),
        Paragraph((Run(typeset("Pour cela, écrivez à : ")), *_address(terms, regime))),
        _said(
            "Si la réponse ne vous convient pas, vous pouvez adresser une réclamation à la CNIL"
            " (www.cnil.fr, ou 3 place de Fontenoy, 75007 Paris)."
        ),
    )


def _address(terms: Terms, regime: ProtectionRegime | None) -> Line:
    """Whom one writes to: the addressees of the text, by their data protection officer where it says so."""
    requests = regime.rights_requests if regime is not None else None
    if isinstance(requests, Blank):
        return blank(typeset(requests.asked))
    if requests is None:
        return blank("Adresse pour exercer ses droits")
    names = names_of(terms)
    dpos = regime.dpos if regime is not None and isinstance(regime.dpos, tuple) else ()
    runs: list[Run] = []
    for key in requests.addressees:
        who = names.get(key, key)
        runs.append(
            Run(typeset(f"{'délégué à la protection des données, ' if requests.to_dpo else ''}{who}"))
        )
        runs += _contact(next((dpo for dpo in dpos if dpo.party == key), None))
        runs.append(Run(" ; "))
    return (*runs[:-1], Run("."))


def _contact(dpo: Dpo | None) -> list[Run]:
    if dpo is None:
        return [Run(" "), Run(asked="Adresse")]
    if isinstance(dpo.contact, Blank):
        return [Run(" "), Run(asked=typeset(dpo.contact.asked))]
    return [Run(f" ({typeset(dpo.contact)})")]


def _proof(sender: str) -> SheetPart:
    """What was done is written by whoever tells: the person signs nothing (nothing obliges her to)."""
    return SheetPart(
        typeset("À remplir par la personne qui vous informe"),
        (
            Paragraph(text(typeset(f"Information donnée par {sender}."), Style.SMALL)),
            Fields(("Le", "Par (fonction)", "De vive voix, par écrit, en quelle langue"), columns=3),
        ),
    )
