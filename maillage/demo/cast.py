"""Who plays in the demonstration: organisations, and synthetic people under example.org. Plain data, no Django."""

from dataclasses import dataclass
from datetime import date

from maillage.organisations.roles import Role

PASSWORD = "maillage-demonstration"  # noqa: S105 - printed by `make run`: it opens synthetic data only
SINCE = date(2020, 1, 1)


@dataclass(frozen=True)
class Body:
    """An organisation of the demonstration; its parent comes before it."""

    key: str
    kind: str
    name: str
    short_name: str
    departement: str = ""
    siret: str = ""
    parent: str = ""
    commune: str = ""
    territory: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    """Someone of the demonstration and where she works, with which roles."""

    name: str
    address: str
    works: tuple[tuple[str, Role], ...]


BODIES: tuple[Body, ...] = (
    Body("cnam", "cnam", "Caisse nationale de l’Assurance Maladie", "Cnam"),
    Body("cnaf", "cnaf", "Caisse nationale des allocations familiales", "Cnaf"),
    Body("cnsa", "cnsa", "Caisse nationale de solidarité pour l’autonomie", "CNSA"),
    Body("croix_rouge", "association", "Croix-Rouge française", "Croix-Rouge", territory=("FR",)),
    Body("cpam", "cpam", "CPAM de la Loire", "CPAM 42", "42", parent="cnam"),
    Body("carsat", "carsat", "CARSAT Rhône-Alpes", "CARSAT RA", "69", parent="cnam", territory=("R84",)),
    Body("caf", "caf", "CAF de la Loire", "CAF 42", "42", parent="cnaf"),
    Body("ccas", "ccas", "CCAS de Montbrison", "CCAS", "42", "26421029500020", commune="42147"),
    Body("hospital", "hospital", "Centre hospitalier d’Exemple", "CH d’Exemple", "42", commune="42147"),
    Body("stranger", "ccas", "CCAS de Villexemple", "CCAS de Villexemple", "63", commune="63113"),
)

PEOPLE: tuple[Person, ...] = (
    Person("Alix Exemple", "referente@cpam.example.org", (("cpam", Role.REFERENT),)),
    Person("Dominique Exemple", "conseil@cpam.example.org", (("cpam", Role.CAISSE_ADVISER),)),
    Person("Charlie Exemple", "dpo@cpam.example.org", (("cpam", Role.DPO),)),
    Person("Maxime Exemple", "admin@cpam.example.org", (("cpam", Role.ADMINISTRATOR),)),
    Person("Gaëlle Exemple", "admin@carsat.example.org", (("carsat", Role.ADMINISTRATOR),)),
    Person("Lou Exemple", "referente@carsat.example.org", (("carsat", Role.REFERENT),)),
    Person("Nour Exemple", "social@carsat.example.org", (("carsat", Role.CAISSE_ADVISER),)),
    Person("Joa Exemple", "admin@caf.example.org", (("caf", Role.ADMINISTRATOR),)),
    Person("Élia Exemple", "referente@caf.example.org", (("caf", Role.REFERENT),)),
    Person("Eden Exemple", "admin@ccas.example.org", (("ccas", Role.ADMINISTRATOR),)),
    Person("Sacha Exemple", "social@ccas.example.org", (("ccas", Role.PARTNER_WORKER),)),
    Person(
        "Morgan Exemple",
        "referent@ccas.example.org",
        (("ccas", Role.REFERENT), ("ccas", Role.PARTNER_WORKER)),
    ),
    Person("Sidney Exemple", "admin@hopital.example.org", (("hospital", Role.ADMINISTRATOR),)),
    Person(
        "Camille Exemple",
        "pass@hopital.example.org",
        (("hospital", Role.PARTNER_WORKER), ("hospital", Role.REFERENT)),
    ),
    Person("Jessy Exemple", "admin@cnam.example.org", (("cnam", Role.ADMINISTRATOR),)),
    Person("Andrea Exemple", "nationale@cnam.example.org", (("cnam", Role.NATIONAL_REFERENT),)),
    Person("Ariel Exemple", "admin@croix-rouge.example.org", (("croix_rouge", Role.ADMINISTRATOR),)),
    Person("Ludivine Exemple", "annuaire@cnam.example.org", (("cnam", Role.DIRECTORY_MANAGER),)),
    Person("Noa Exemple", "national@croix-rouge.example.org", (("croix_rouge", Role.NATIONAL_REFERENT),)),
    Person("Robin Exemple", "accueil@croix-rouge.example.org", (("croix_rouge", Role.PARTNER_WORKER),)),
    Person("Yaël Exemple", "admin@villexemple.example.org", (("stranger", Role.ADMINISTRATOR),)),
    Person(
        "Claude Exemple",
        "social@villexemple.example.org",
        (("stranger", Role.PARTNER_WORKER), ("stranger", Role.REFERENT)),
    ),
    Person(
        "Swann Exemple",
        "deux@example.org",
        (("ccas", Role.PARTNER_WORKER), ("hospital", Role.PARTNER_WORKER)),
    ),
)
