"""In plain words: why a service cannot be reached from here, what would open it, whom to call."""

from collections.abc import Iterable

from maillage.conventions.referents.models import Referent
from maillage.conventions.terms.flows import Channel, ChannelKind
from maillage.referrals.routes import ClosedRoute, Closure
from maillage.web.presentation.components import Quote, Refusal
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.numbers import phone

OTHER_WAYS = frozenset({Closure.BY_PHONE, Closure.BY_PERSON, Closure.OTHER_CHANNEL})

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
    Closure.NOT_CHOSEN: (
        "La convention laisse ce service au choix des parties ; rien n’indique qu’elles l’aient retenu.",
        "Que les parties le retiennent d’un commun accord : le texte leur laisse ce choix, sans avenant.",
    ),
    Closure.CHANNEL_UNKNOWN: (
        "La convention le prévoit sans dire par quelle voie l’envoyer.",
        "Que les parties complètent la convention.",
    ),
    Closure.CLOSED: (
        "La convention le prévoit, mais cette voie est fermée pour l’instant.",
        "Que les parties rouvrent cette voie.",
    ),
    Closure.BY_PHONE: (
        "Cette orientation ne s’écrit pas : la personne {call}.",
        "Rien n’est à ouvrir : cette voie est déjà disponible, par téléphone.",
    ),
    Closure.BY_PERSON: (
        "La convention prévoit que la personne fasse elle-même cette démarche.",
        "Rien n’est à ouvrir : accompagnez-la dans sa démarche.",
    ),
    Closure.OTHER_CHANNEL: (
        "La convention prévoit une autre voie que Maillage : {channels}.",
        "Un avenant qui ajoute Maillage aux voies convenues.",
    ),
}


def refusal(route: ClosedRoute, referents: Iterable[Referent]) -> Refusal:
    """The panel that says why, by which clause, what would open it and whom to call."""
    reason, would_open = _REASONS[route.closure]
    words = {
        "day": long_date(route.day) if route.day else "",
        "since": f" le {long_date(route.day)}" if route.day else "",
        "call": _call(route.channels),
        "channels": " ou ".join(dict.fromkeys(CHANNELS[channel.kind] for channel in route.channels)),
    }
    return Refusal(
        title=f"{route.name} ({route.recipient_name})",
        reason=reason.format(**words),
        would_open=would_open,
        contact=contact(route, referents),
        clause=Quote(route.quote, route.article, f"convention « {route.convention_title} »"),
    )


def _call(channels: Iterable[Channel]) -> str:
    line = next((channel for channel in channels if channel.kind is ChannelKind.PHONE), None)
    if line is None:
        return "appelle le service"
    return f"appelle le {line.number}" + (f" et dit « {line.words} »" if line.words else "")


def contact(route: ClosedRoute, referents: Iterable[Referent]) -> str:
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
