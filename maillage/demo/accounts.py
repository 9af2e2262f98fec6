"""What `make run` prints: the accounts of the demonstration, each with its role, and their one password."""

from dataclasses import dataclass

from maillage.demo.cast import BODIES, PASSWORD, PEOPLE
from maillage.organisations.roles import ROLES


@dataclass(frozen=True)
class Account:
    """One line: how to sign in, as what, for whom."""

    login: str
    password: str
    role: str
    organisation: str


def demo_accounts() -> list[Account]:
    """One line per person and organisation, in the demonstration's order."""
    names = {body.key: body.name for body in BODIES}
    return [
        Account(
            person.address,
            PASSWORD,
            ", ".join(ROLES[role].label for where, role in person.works if where == key),
            names[key],
        )
        for person in PEOPLE
        for key in dict.fromkeys(where for where, _ in person.works)
    ]
