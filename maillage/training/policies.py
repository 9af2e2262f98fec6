"""Who may do what with modules, sessions and places. Predicates only; reaching them at all is `queries`."""

from datetime import datetime

from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.training.models import Module, Registration, Session
from maillage.training.states import State


def can_organise(member: Member) -> bool:
    """Someone who keeps her organisation's conventions alive: she prepares modules and plans sessions."""
    return member.may(Permission.WRITE_CONVENTIONS)


def can_keep(member: Member, module: Module) -> bool:
    """The same, for a module of her own organisation."""
    return can_organise(member) and module.organisation_id == member.organisation


def can_run(member: Member, session: Session) -> bool:
    """The same, for a session of her own organisation: changing, cancelling, signing off."""
    return can_organise(member) and session.organiser_id == member.organisation


def is_open(session: Session, at: datetime) -> bool:
    """Whether places are still given and given back: until the session starts."""
    return session.state == State.PLANNED and at < session.starts_at


def can_register(member: Member) -> bool:
    """Whoever reads the conventions of her organisation registers its people, herself or a colleague."""
    return member.may(Permission.READ_CONVENTIONS)


def can_withdraw(member: Member, place: Registration) -> bool:
    """The organisation that registered somebody, or the organiser, told on the telephone that she will not come."""
    return can_register(member) and member.organisation in (place.partner_id, place.organiser_id)
