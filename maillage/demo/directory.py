"""The demonstration's organisations, people and key pairs, created where they are missing; the tests use the same ones."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from maillage.core.text import sort_key
from maillage.demo.cast import BODIES, PASSWORD, PEOPLE, SINCE, Body, Person
from maillage.organisations.models import Membership, Organisation, Training, Undertaking, User
from maillage.organisations.undertaking import current_text
from maillage.vault.actions import vault
from maillage.vault.models import PublicKey


def load_directory(*, using: str = "owner") -> dict[str, Organisation]:
    """Create what is missing of the demonstration's organisations, key pairs, people and memberships (operator's act)."""
    with transaction.atomic(using=using):
        organisations: dict[str, Organisation] = {}
        for body in BODIES:
            organisations[body.key] = load_organisation(body, organisations.get(body.parent), using)
        # Once: all share this public password, and a hash is slow on purpose.
        hashed = make_password(PASSWORD)
        for person in PEOPLE:
            load_person(person, hashed, organisations, using)
    return organisations


def load_organisation(body: Body, parent: Organisation | None, using: str) -> Organisation:
    """The organisation and its keys, made where they are missing."""
    organisation, _ = Organisation.objects.using(using).get_or_create(
        name=body.name,
        defaults={
            "kind": body.kind,
            "short_name": body.short_name,
            "sort_name": sort_key(body.name),
            "departement": body.departement,
            "siret": body.siret,
            "parent": parent,
            "commune": body.commune,
            "territory": list(body.territory),
            "mailbox": f"contact@{body.key.replace('_', '-')}.example.org",
        },
    )
    if not PublicKey.objects.using(using).filter(organisation=organisation, retired_at=None).exists():
        vault().make_key_pair(organisation=organisation.id, using=using)
    return organisation


def load_person(person: Person, hashed: str, organisations: dict[str, Organisation], using: str) -> None:
    """The account, what she does where, and what lets her act there, made where it is missing."""
    user = User.objects.using(using).filter(email=person.address).first()
    if user is None:
        user = User(email=person.address, full_name=person.name, password=hashed)
        user.save(using=using)
    for key, role in person.works:
        Membership.objects.using(using).get_or_create(
            user=user,
            organisation=organisations[key],
            role=role.value,
            since=SINCE,
        )
    for key in dict.fromkeys(key for key, _ in person.works):
        _let_in(user, organisations[key], using)


def _let_in(user: User, organisation: Organisation, using: str) -> None:
    """What lets her act there: the undertaking of the day, signed, and a training with its day."""
    text = current_text()
    Undertaking.objects.using(using).get_or_create(
        user=user, organisation=organisation, version=text.version, defaults={"text_hash": text.text_hash}
    )
    Training.objects.using(using).get_or_create(
        user=user, organisation=organisation, done_on=SINCE, title="Formation RGPD de la démonstration"
    )
