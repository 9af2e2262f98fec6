"""Which backups have passed their time: instants in, names out."""

from collections.abc import Mapping
from datetime import datetime, timedelta


def passed(made: Mapping[str, datetime], *, days: int, at: datetime) -> list[str]:
    """Those that are older than so many days, oldest first; never the newest of them, whatever its age."""
    newest = max(made, key=lambda name: (made[name], name), default=None)
    bound = at - timedelta(days=days)
    return sorted(
        (name for name in made if name != newest and made[name] < bound), key=lambda name: (made[name], name)
    )
