"""The demonstration's organisations and people. People are synthetic, under example.org; the tests use the same ones."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from maillage.core.text import sort_key
from maillage.organisations.models import Membership, Organisation, User
from maillage.organisations.roles import Role
from maillage.vault.actions import vault
from maillage.vault.models import PublicKey

PASSWORD = "maillage-demonstration"  # noqa: S105 - printed by `make run`: it opens synthetic data only
SINCE = date(2020, 1, 1)


@dataclass(frozen=True)
class Body:
    """An organisation of the demonstration."""

    key: str
    kind: str
    name: str
    short_name: str
    departement: str = ""
    siret: str = ""


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
    Body("croix_rouge", "association", "Croix-Rouge française", "Croix-Rouge"),
    Body("cpam", "cpam", "CPAM de la Loire", "CPAM 42", "42"),
    Body("carsat", "carsat", "CARSAT Rhône-Alpes", "CARSAT RA", "69"),
    Body("ccas", "ccas", "CCAS de Montbrison", "CCAS", "42", "26421029500020"),
    Body("hospital", "hospital", "Centre hospitalier d’Exemple", "CH d’Exemple", "42"),
    Body("stranger", "ccas", "CCAS de Villexemple", "CCAS de Villexemple", "63"),
)

PEOPLE: tuple[Person, ...] = (
    Person("Alix Exemple", "referente@cpam.example.org", (("cpam", Role.REFERENT),)),
    Person("Dominique Exemple", "conseil@cpam.example.org", (("cpam", Role.CAISSE_ADVISER),)),
    Person("Charlie Exemple", "dpo@cpam.example.org", (("cpam", Role.DPO),)),
    Person("Maxime Exemple", "admin@cpam.example.org", (("cpam", Role.ADMINISTRATOR),)),
    Person("Lou Exemple", "referente@carsat.example.org", (("carsat", Role.REFERENT),)),
    Person("Sacha Exemple", "social@ccas.example.org", (("ccas", Role.PARTNER_WORKER),)),
    Person(
        "Morgan Exemple",
        "referent@ccas.example.org",
        (("ccas", Role.REFERENT), ("ccas", Role.PARTNER_WORKER)),
    ),
    Person(
        "Camille Exemple",
        "pass@hopital.example.org",
        (("hospital", Role.PARTNER_WORKER), ("hospital", Role.REFERENT)),
    ),
    Person("Andrea Exemple", "nationale@cnam.example.org", (("cnam", Role.NATIONAL_REFERENT),)),
    Person("Noa Exemple", "national@croix-rouge.example.org", (("croix_rouge", Role.NATIONAL_REFERENT),)),
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


def load_directory(*, using: str = "owner") -> dict[str, Organisation]:
    """Create what is missing of the demonstration's organisations, key pairs, people and memberships (operator's act)."""
    with transaction.atomic(using=using):
        organisations = {body.key: _organisation(body, using) for body in BODIES}
        for person in PEOPLE:
            _person(person, organisations, using)
    return organisations


def _organisation(body: Body, using: str) -> Organisation:
    organisation, _ = Organisation.objects.using(using).get_or_create(
        name=body.name,
        defaults={
            "kind": body.kind,
            "short_name": body.short_name,
            "sort_name": sort_key(body.name),
            "departement": body.departement,
            "siret": body.siret,
            "mailbox": f"contact@{body.key.replace('_', '-')}.example.org",
        },
    )
    if not PublicKey.objects.using(using).filter(organisation=organisation, retired_at=None).exists():
        vault().make_key_pair(organisation=organisation.id, using=using)
    return organisation


def _person(person: Person, organisations: dict[str, Organisation], using: str) -> None:
    user = User.objects.using(using).filter(email=person.address).first()
    if user is None:
        user = User(email=person.address, full_name=person.name)
        user.set_password(PASSWORD)
        user.save(using=using)
    for key, role in person.works:
        Membership.objects.using(using).get_or_create(
            user=user,
            organisation=organisations[key],
            role=role.value,
            since=SINCE,
        )
