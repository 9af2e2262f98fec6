"""Which of all knocks the small tier tries: the fewest that meet every difference; `make proof` tries them all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.security.fragments import HTMX, drawn

Mark = tuple[str, ...]


@dataclass(frozen=True)
class Knock:
    """One request: where, how, by whom, with whose objects."""

    address: str
    method: str
    person: str
    relation: str
    place: str
    fragment: bool = False


@dataclass(frozen=True)
class Choice:
    """Something that may be tried, and what it has that others have not: at its own address (`here`), and anywhere (`anywhere`)."""

    here: frozenset[Mark]
    anywhere: frozenset[Mark]
    act: Callable[[], None]


class Sample:
    """Meets each mark at least once, and tries one in `thin` of what would only meet known ones. With 1, everything is tried."""

    def __init__(self, thin: int = 1) -> None:
        self.thin, self.passed = thin, 0
        self.met: set[Mark] = set()
        self._missed: dict[Mark, Choice] = {}

    def chosen(self, *marks: Mark) -> bool:
        """Whether the next of a line is tried: the first that bears one of its marks always, then one in `thin` of the others."""
        self.passed += 1
        if self.met.issuperset(marks) and self.passed % self.thin:
            return False
        self.met.update(marks)
        return True

    def of(self, choices: list[Choice]) -> Iterator[Choice]:
        """Those that are tried of all of an address, the ones that meet the most first; of equals the first to come."""
        left = choices
        while left := [choice for choice in left if self.thin > 1 and not choice.here <= self.met]:
            yield self._met(max(left, key=self._worth))
        for choice in choices:
            self.passed += 1
            if not self.passed % self.thin:
                yield self._met(choice)
            for mark in choice.anywhere - self.met:
                self._missed.setdefault(mark, choice)

    def rest(self) -> Iterator[Choice]:
        """What no address had to meet: after the last one."""
        for mark, choice in self._missed.items():
            if mark not in self.met:
                yield self._met(choice)
        self._missed.clear()

    def _worth(self, choice: Choice) -> tuple[int, int]:
        return len(choice.here - self.met), len(choice.anywhere - self.met)

    def _met(self, choice: Choice) -> Choice:
        self.met |= choice.here | choice.anywhere
        return choice


def marks(knock: Knock, expected: str, *, permitted: bool) -> tuple[frozenset[Mark], frozenset[Mark]]:
    """What a knock has that others have not, at its address and of its person: the sample meets each of these.

    A role is refused by `page`, whatever the method: one is enough at each address, another one at the next. `twins` compares
    the answers to each kind of mixed objects.
    """
    name, person, whose = knock.address, knock.person, knock.relation.partition(" ")[0]
    alone = "plain" if not knock.fragment or name not in HTMX else "by itself"
    here: set[Mark] = {(name, "whose", whose)}
    if expected == "403":
        here.add((name, "refused", str(permitted)))
    elif whose not in {"nowhere", "mixed"}:  # what is nowhere is unknown whatever protects it
        here.add((name, knock.method, expected, alone))
    anywhere: set[Mark] = {(person, knock.method, expected), (person, "whose", whose, expected)}
    if knock.fragment:
        here.add((drawn(name), "fragment", "shown" if expected == "ok" else "refused"))
        anywhere.add(("fragment", knock.method, expected))
    return frozenset(here), frozenset(anywhere)
