"""The lines of `make proof`: what each promises, where its units are, and how much a full run tries."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One promise of docs/security.md. `goal` is the number of tries of a full run, of the things that `counts` names."""

    id: str
    promise: str
    goal: int
    counts: str

    @property
    def module(self) -> str:
        """The file of its units."""
        return f"tests/proof/{self.id.lower()}.py"


LINES: tuple[Line, ...] = (
    Line("S1", "nobody reaches what is not theirs", 250_000, "distinct probes over HTTP"),
    Line("S2", "PostgreSQL refuses what the code forgets", 1_000_000, "raw statements"),
    Line("S3", "a foreign object and an unknown one look the same", 20_000, "pairs of answers"),
    Line("S4", "bad input never breaks", 1_000_000, "fuzzed inputs"),
    Line("PARSERS", "no reader of what comes from outside breaks", 5_000_000, "coverage-guided executions"),
    Line("S6", "what was backed up comes back, the erased stay erased", 2_000, "tables, erasures and kills"),
    Line(
        "S7",
        "two people, one case: one wins",
        70_000,
        "races and forms sent twice at once, 20 000 of them forms sent twice",
    ),
    Line("S8", "deadlines are right", 10_000_000, "applications compared with an oracle"),
    Line("S9", "the journal cannot be altered unseen", 100_000, "tamperings"),
    Line("S10", "a stolen disk or dump says nothing", 5_000, "canaries"),
    Line("S11", "nothing personal leaks outside", 105_000, "requests and e-mails, 5 000 of them e-mails"),
    Line(
        "S12",
        "what a partner held opens nowhere after the term",
        6_100,
        "people attacked in three places, destructions killed, 100 of them",
    ),
    Line("S13", "nobody enters by another way than with her own proofs", 100_000, "attacks on the entrance"),
    Line("S14", "every answer carries its headers and calls nobody", 20_000, "answers"),
    Line("S15", "no hostile file is taken, none costs much", 2_000, "files sent, 120 at each place"),
    Line("S16", "no table that goes out holds a formula", 20_000, "cells opened again"),
    Line(
        "S20",
        "what is installed is pinned, unchanged and without known vulnerability",
        5_000,
        "packages and files",
    ),
    Line("S21", "what depends on a part that fails is refused", 400, "faults × journeys"),
    Line("GUARDS", "every guard of the web is missed once gone", 150, "guards taken away"),
    Line(
        "FILTERS", "each filter and the policies under it protect alone", 25, "filters and policies set aside"
    ),
    Line("MUTANTS", "every detector is able to fail", 100, "holes opened"),
)
