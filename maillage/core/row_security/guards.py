"""What PostgreSQL does by itself when a row is written: the journal, the guards of each table, the jumps of its states.

A model says beside its `access` which triggers its table has; tests/security/catalogue.py compares. A model with a
`transitions` table has one more, made again from that table after each migration, so that no state is written that no
arrow leads to.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from maillage.core.states import Transition

JOURNAL = "journal"
STATE_JUMPS = "state_jumps"


@dataclass(frozen=True)
class Triggers:
    """The triggers of one table by name; `unjournalled` is the reason why its writes leave no entry in the journal."""

    guards: tuple[str, ...] = ()
    unjournalled: str = ""

    @property
    def names(self) -> frozenset[str]:
        """Those that the table must have, and no others."""
        return frozenset(self.guards) | (frozenset() if self.unjournalled else {JOURNAL})


def journalled(*guards: str) -> Triggers:
    """Each write is one entry of the journal; `guards` name the other triggers of the table."""
    return Triggers(guards)


def unjournalled(reason: str, *guards: str) -> Triggers:
    """Writes leave no entry, for this reason."""
    return Triggers(guards, reason)


def jumps(transitions: Iterable[Transition]) -> list[str]:
    """Every change of state that an arrow leads to, as « from>to »."""
    return sorted(
        {
            f"{source}>{arrow.target}"
            for arrow in transitions
            for source in arrow.sources
            if source != arrow.target
        }
    )


FUNCTION = """
CREATE OR REPLACE FUNCTION state_jumps() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT OLD.state || '>' || NEW.state = ANY (TG_ARGV) THEN
        RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def jump_statements(table: str, transitions: Iterable[Transition]) -> list[str]:
    """The SQL that lets the table's state change along these arrows only, from nothing."""
    arguments = ", ".join(f"'{jump}'" for jump in jumps(transitions))
    return [
        FUNCTION,
        "REVOKE ALL ON FUNCTION state_jumps() FROM PUBLIC",
        f"DROP TRIGGER IF EXISTS {STATE_JUMPS} ON {table}",
        f"CREATE TRIGGER {STATE_JUMPS} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION state_jumps({arguments})",
    ]
