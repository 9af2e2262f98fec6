"""The layers of `.importlinter`, read once more for what the linter cannot see: string references between models."""

import re
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
CONFIGURATION = PROJECT / ".importlinter"


@dataclass(frozen=True)
class Layers:
    """Packages by rank: 0 is the top layer. `siblings` are independent of each other."""

    container: str
    ranks: dict[str, int]

    def of(self, module: str) -> str | None:
        """The package of this container that a module belongs to."""
        if not module.startswith(f"{self.container}."):
            return None
        name = module.removeprefix(f"{self.container}.").split(".")[0]
        return name if name in self.ranks else None

    def allows(self, importer: str, imported: str) -> bool:
        """Whether one module of the container may lean on another: the same package, or one further down."""
        above, below = self.of(importer), self.of(imported)
        if above is None or below is None or above == below:
            return True
        return self.ranks[above] < self.ranks[below]


def contract(name: str) -> dict[str, list[str]]:
    """One contract of `.importlinter`: its lists, by option."""
    parser = ConfigParser()
    parser.read(CONFIGURATION)
    section = parser[f"importlinter:contract:{name}"]
    return {option: [line for line in value.splitlines() if line] for option, value in section.items()}


def layers(name: str) -> Layers:
    """The layers of a contract that has one container."""
    options = contract(name)
    (container,) = options["containers"]
    ranks = {
        package: rank
        for rank, line in enumerate(options["layers"])
        for package in re.findall(r"[a-z_]+", line)
    }
    return Layers(container, ranks)
