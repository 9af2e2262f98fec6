"""What a list of referrals is asked to show, and a place in it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

PAGE: Final = 50
COUNTED: Final = 200
"""Beyond so many a counter says « 200+ »: counting more would read more than the page shows."""
AGES: Final = (7, 30, 90)
"""Days: the ages by which a list may be narrowed to what is older."""


class View(StrEnum):
    """The lists: what one follows and is under way, what the organisation has under way, what ended, everything."""

    MINE = "mine"
    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which referrals a list shows. `age`: received so many days ago or more; `follower`: somebody who follows them."""

    view: View = View.OPEN
    service: str = ""
    state: str = ""
    urgent: bool = False
    late: bool = False
    follower: UUID | None = None
    convention: UUID | None = None
    age: int = 0

    @property
    def in_turn(self) -> bool:
        """Whether the list is of what is under way: the urgent first, then by due day. The others begin with the newest."""
        return self.view in (View.MINE, View.OPEN) or self.late

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter is set beside the view."""
        return self != Wanted(self.view)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: just after, or just before, a participation, by its turn or its date. It holds no personal data."""

    place: int | datetime
    id: UUID
    backwards: bool = False
