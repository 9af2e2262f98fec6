"""In plain words: why a service cannot be reached from here, what would open it, whom to call."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from maillage.conventions.data_roles.unsaid import UNSAID, WHAT_OPENS, Unsaid
from maillage.conventions.referents.models import Referent
from maillage.conventions.terms.flows import ChannelKind
from maillage.referrals.proposing import Proposal
from maillage.referrals.routes import ClosedRoute, Closure
from maillage.referrals.routing.router import Obstacle, Opening
from maillage.web.conventions.reading.values import article_words
from maillage.web.presentation.components import Quote, Refusal
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.numbers import phone
from maillage.web.presentation.typography import typeset

CHANNELS: dict[ChannelKind, str] = {
    ChannelKind.PLATFORM: "Maillage",
    ChannelKind.ESPACE_PARTENAIRES: "Espace Partenaires",
    ChannelKind.SECURE_SERVER: "un serveur sécurisé",
    ChannelKind.SECURE_EXTRANET: "un extranet sécurisé",
    ChannelKind.AIDANTS_CONNECT: "Aidants Connect",
    ChannelKind.PAPER: "un formulaire sur papier",
    ChannelKind.POST: "un courrier",
    ChannelKind.PHONE: "un appel",
    ChannelKind.AGENT: "un agent de la caisse",
    ChannelKind.PERSON: "la personne elle-même",
    ChannelKind.E_MAIL_WITHOUT_PERSONAL_DATA: "un message sans aucune donnée personnelle",
    ChannelKind.TO_AGREE: "une voie que les parties doivent encore choisir",
}

_REASONS: dict[Closure, tuple[str, str]] = {
    Closure.NOT_SIGNED: (
        "La convention qui le prévoit n’est pas encore signée par toutes ses parties.",
        "La signature de toutes les parties.",
    ),
    Closure.NOT_YET: (
        "La convention est signée, mais elle ne prend effet que le {day}.",
        "Rien à faire : la voie s’ouvrira ce jour-là.",
    ),
    Closure.ENDED: (
        "La convention qui le prévoyait a pris fin{since}. Les orientations déjà envoyées continuent d’être suivies par la caisse.",
        "Une nouvelle convention, signée par les parties.",
    ),
    Closure.CLOSED: (
        "La convention le prévoit, mais cette voie est fermée pour l’instant.",
        "Que les parties rouvrent cette voie.",
    ),
    Closure.NO_ROLES: (f"{UNSAID}{{blank}}.", WHAT_OPENS),
}


def refusal(route: ClosedRoute, referents: Iterable[Referent]) -> Refusal:
    """The panel that says why, by which clause, what would open it and whom to call."""
    reason, would_open = _REASONS[route.closure]
    words = {
        "day": long_date(route.day) if route.day else "",
        "since": f" le {long_date(route.day)}" if route.day else "",
        "blank": _blank(route),
    }
    return Refusal(
        title=typeset(f"{route.name} ({route.recipient_name})"),
        reason=reason.format(**words),
        would_open=would_open,
        contact=contact(route, referents),
        clause=Quote(route.quote, route.article, f"convention « {route.convention_title} »"),
        see=_who_is_what(route.convention) if route.closure is Closure.NO_ROLES else None,
    )


def without_roles(one: Unsaid) -> Refusal:
    """The same panel for a way of another kind: a file of rights, an appointment, a case that goes on elsewhere."""
    return Refusal(
        title=typeset(f"{one.flow.label} ({one.under.recipient.short_name})"),
        reason=f"{UNSAID} ({one.where}).",
        would_open=WHAT_OPENS,
        contact="Le délégué à la protection des données de votre organisme ; sans délégué, son administration.",
        clause=Quote(one.flow.quote or "", one.flow.article, f"convention « {one.title} »"),
        see=_who_is_what(one.under.convention_id),
    )


def _who_is_what(convention: UUID) -> tuple[str, str]:
    return "Voir qui est quoi dans cette convention", reverse("conventions:data_roles", args=[convention])


def _blank(route: ClosedRoute) -> str:
    """Where the convention should say who answers for the data, and why it does not: « (annexe 6, annexe manquante) »."""
    where = [article_words(route.roles.article)] if route.roles.article else []
    return f" ({', '.join([*where, route.roles.why])})" if route.roles.why else ""


def unmet(proposal: Proposal, referents: Iterable[Referent]) -> Refusal:
    """The panel of a route that the text closes to this situation: what it asks, and where it asks it."""
    route = proposal.route
    assert route is not None  # noqa: S101 - the life of its convention would have closed it
    obstacle = next((_OBSTACLES[one] for one in route.obstacles), "")
    quoted = route.flow.quote if route.flow else None
    return Refusal(
        title=titled(proposal),
        reason=obstacle or "La convention le réserve à des situations que celle-ci ne remplit pas.",
        would_open="",
        contact=contact(proposal, referents),
        clause=Quote(quoted or "", route.article, f"convention « {proposal.convention_title} »"),
        openings=[with_article(one) for one in route.openings()],
    )


def with_article(opening: Opening) -> str:
    """What would open a way, and the article that asks it."""
    return f"{opening.text.removesuffix('.')} ({article_words(opening.article)})"


def titled(proposal: Proposal) -> str:
    """A route by its service and who renders it."""
    name = proposal.opened.name if proposal.opened else proposal.route.label if proposal.route else ""
    return typeset(f"{name} ({proposal.recipient_name})" if proposal.recipient_name else name)


_OBSTACLES: dict[Obstacle, str] = {
    Obstacle.NOT_CHOSEN: "La convention laisse ce service au choix des parties ; rien n’indique qu’elles l’aient retenu.",
    Obstacle.CHANNEL_UNKNOWN: "La convention le prévoit sans dire par quelle voie l’envoyer.",
}


def contact(route: ClosedRoute | Proposal, referents: Iterable[Referent]) -> str:
    """Whom to call: the recipient's referent in this convention, else one's own."""
    found = next(
        (
            person
            for person in referents
            if person.convention_id == route.convention and person.party_key == route.recipient_key
        ),
        None,
    )
    if found is None:
        return (
            f"Aucun référent n’est encore indiqué côté {route.recipient_name}. "
            "Demandez au référent des conventions de votre organisme."
        )
    ways = ", ".join(way for way in (phone(found.phone), found.mailbox) if way)
    return f"{found.function}, {route.recipient_name} : {ways}"
