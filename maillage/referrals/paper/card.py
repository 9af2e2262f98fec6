"""The card of a telephone route (row D5): the number, the words to say, when the text opens it. It names nobody."""

from collections.abc import Iterator

from maillage.conventions.terms import PERSON, Blank, Terms
from maillage.conventions.terms.flows import Channel, ChannelKind, Flow
from maillage.core.french import NBSP, typeset
from maillage.documents.composition import Heading, Listing, Paragraph, Sheet, SheetBlock, SheetPart, text
from maillage.referrals.paper.naming import names_of, service_label, source


def phone_of(flow: Flow) -> Channel | None:
    """The telephone by which a flow goes; None when it has none."""
    channels = () if isinstance(flow.channels, Blank) else flow.channels
    return next((one for one in channels if one.kind is ChannelKind.PHONE), None)


def spaced(number: str) -> str:
    """« 3646 » as it is said: « 36 46 »."""
    digits = "".join(number.split())
    pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
    return NBSP.join(pairs) if digits.isdigit() and len(digits) % 2 == 0 else number


def phone_card(terms: Terms, flow: Flow) -> Sheet:
    """One card, in large letters. Raises ValueError for a flow that no telephone carries."""
    phone = phone_of(flow)
    if phone is None or phone.number is None:
        raise ValueError(flow.key)
    return Sheet(
        title=typeset(service_label(terms, flow)),
        kind_label="Qui appeler, et quoi dire",
        reference=source(terms, flow.article),
        parts=(SheetPart("Appeler", tuple(_said(terms, flow, phone))),),
        large=True,
    )


def _said(terms: Terms, flow: Flow, phone: Channel) -> Iterator[SheetBlock]:
    """What to do, in the order in which one does it."""
    who = "La personne appelle elle-même" if flow.sender == PERSON else "Vous appelez"
    recipient = names_of(terms).get(flow.recipient, flow.recipient)
    yield Paragraph(text(typeset(f"{who} : {recipient}.")))
    yield Heading(f"1. Composer le {spaced(phone.number or '')}")
    if phone.words:
        yield Heading(typeset(f"2. Dire, à voix haute : « {phone.words} »"))
    told = [*(one.label for one in (*flow.criteria, *flow.situations)), *flow.conditions]
    if told:
        yield Heading("Quand")
        yield Listing(tuple(text(typeset(one)) for one in told))
    yield Heading("À savoir")
    yield Listing(
        (
            text(typeset("Ne laissez aucun nom ni numéro de sécurité sociale sur un répondeur.")),
            text(typeset("Si la vie de la personne est en danger, appelez d’abord le 15 ou le 112.")),
        )
    )
