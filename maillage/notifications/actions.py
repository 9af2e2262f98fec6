"""Writing to the outbox. A message holds a reference and a link; `once` makes a second identical one impossible."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from maillage.core.statements import insert
from maillage.notifications.models import Message


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to one organisation, or with `account` (and no recipient) to that account's own address.

    `once` names the fact and the recipient; `path` is a link without a host.
    With `invitation` it goes to the address of that invitation of the recipient's, and the link gets its secret part; with
    `referent`, to the box of that tenure of the recipient's, if it runs when the message leaves. `cases`: how many wait, in a summary.
    `held`: it waits for the summary of the day of the box, the recipient's or that referent's.
    """

    once: str
    recipient: UUID | None
    kind: str
    reference: str
    path: str
    invitation: UUID | None = None
    referent: UUID | None = None
    account: UUID | None = None
    cases: int | None = None
    held: bool = False


def post(drafts: Iterable[Draft], *, using: str = "default") -> None:
    """Put messages in the outbox, in the caller's transaction: they leave if and only if it commits.

    Those whose `once` is known already are left out silently: saying a fact twice sends one message.
    """
    for draft in drafts:
        row = Message(
            once=draft.once,
            recipient_id=draft.recipient,
            kind=draft.kind,
            reference=draft.reference,
            path=draft.path,
            invitation_id=draft.invitation,
            referent_id=draft.referent,
            account_id=draft.account,
            cases=draft.cases,
            held=draft.held,
        )
        insert(row, unless_there=True, using=using)
