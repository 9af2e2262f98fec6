"""What is wrong with a convention's file: where, and what was expected, in French."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct: `path` is written `flows[2].channels`, `expected` what should stand there."""

    path: str
    expected: str
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        """`fichier.yaml, ligne 12, flows[2].recipient : attendu …`, whatever of it is known."""
        place = [self.file or None, f"ligne {self.line}" if self.line else None, self.path or None]
        return f"{', '.join(part for part in place if part) or 'convention'} : attendu {self.expected}"


class TermsError(ValueError):
    """A convention that is refused, with every problem found. Nothing of it was kept."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems; at least one is needed."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CrossCheckError(ValueError):
    """Clauses that contradict each other; raised inside validation, translated by `loading`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, each with its path in the Terms."""
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))
