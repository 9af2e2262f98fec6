"""Telling a person that what opens her account changed: at her own address, in words that say nothing of her."""

from uuid import UUID

from maillage.notifications.actions import Draft, post
from maillage.notifications.models import ACCOUNT
from maillage.organisations.people.references import reference

PATH = "/mon-compte/sessions/"


def tell_owner(*, user: UUID, change: str, using: str = "default") -> None:
    """Tell her, if the transaction commits, that a way into her account changed; she is the one in context, or nobody is (the
    owner's role). `change` names it: the same one is told once, so that what one request does together is one message.
    """
    draft = Draft(
        once=f"account:{user}:{change}",
        recipient=None,
        kind=ACCOUNT,
        reference=reference("S", user),
        path=PATH,
        account=user,
    )
    post([draft], using=using)
