"""What the demonstration's organisations offer, where one writes to them, and a hospital's PASS: synthetic, like the rest."""

from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from maillage.core.clock import today
from maillage.core.text import sort_key
from maillage.demo.cast import SINCE
from maillage.organisations.models import Mailbox, Offer, Organisation, User
from maillage.vault.missing import make_missing_key_pairs

_AGES = {"recent": 20, "old": 500}


@dataclass(frozen=True)
class Place:
    """One offer: whose, about what, where and how; `age` says how long ago somebody assured it."""

    body: str
    service: str
    place: str
    reception: str
    assured_by: str
    age: str = "recent"
    values: dict[str, str] = field(default_factory=dict)


_ADMIN = "admin@cpam.example.org"
PLACES: tuple[Place, ...] = (
    Place(
        "CPAM 42", "ame", "Accueil de Saint-Étienne", "appointment", _ADMIN,
        values={"address": "1 rue de l’Exemple", "commune": "42218", "phone": "0400000001",
                "hours": "Du lundi au vendredi, le matin", "bring": "Une pièce d’identité\nUne preuve de plus de trois mois de présence"},
    ),
    Place(
        "CH d’Exemple", "ame", "Bureau des entrées, hall principal", "open", "pass@hopital.example.org",
        values={"address": "2 rue de l’Hôpital", "commune": "42147", "hours": "Tous les jours, 8 h à 18 h",
                "bring": "Ce que l’on a : le dossier se complète ensuite"},
    ),
    Place(
        "CPAM 42", "misas", "Équipe MisAS", "phone", _ADMIN,
        values={"phone": "0400000002", "mailbox": "misas@cpam.example.org", "hours": "Lundi au vendredi, 9 h à 17 h"},
    ),
    Place(
        "CPAM 42", "c2s", "Accueil de Montbrison", "both", _ADMIN, "old",
        values={"address": "3 place de l’Exemple", "commune": "42147", "bring": "Le dernier avis d’imposition"},
    ),
    Place(
        "CCAS", "domiciliation", "CCAS, premier étage", "appointment", "referent@ccas.example.org",
        values={"address": "4 place de la Mairie", "commune": "42147", "phone": "0400000003"},
    ),
)  # fmt: skip
# A regional box, and the two local correspondents to whom it passes the hand (row B3).
BOXES = (
    ("CARSAT RA", "prado", "regional", "prado-region@carsat.example.org", ("R84",), "referente@carsat.example.org"),
    ("CPAM 42", "prado", "local", "prado-nord@cpam.example.org", ("42187", "42147", "42094"), _ADMIN),
    ("CPAM 42", "prado", "local", "prado-sud@cpam.example.org", ("42218", "42207", "42095"), _ADMIN),
    ("CPAM 42", "referents", "departement", "referents@cpam.example.org", (), _ADMIN),
    ("CPAM 42", "dpo", "departement", "dpo@cpam.example.org", (), _ADMIN),
)  # fmt: skip


def load_places(*, using: str = "owner") -> None:
    """Create what is missing (operator's act); a second run finds everything there."""
    on = today(ZoneInfo("Europe/Paris"))
    with transaction.atomic(using=using):
        bodies = {one.short_name: one for one in Organisation.objects.using(using).all()}
        people = {one.email: one for one in User.objects.using(using).all()}
        _ward(bodies["CH d’Exemple"], using)
        Organisation.objects.using(using).filter(short_name="CPAM 42", assured_on=None).update(
            assured_on=on - timedelta(days=20), assured_by=people[_ADMIN]
        )
        for place in PLACES:
            Offer.objects.using(using).get_or_create(
                organisation=bodies[place.body],
                service=place.service,
                place=place.place,
                defaults={
                    "reception": place.reception,
                    "assured_on": max(on - timedelta(days=_AGES[place.age]), SINCE),
                    "assured_by": people[place.assured_by],
                    **place.values,
                },
            )
        for body, use, level, address, territory, person in BOXES:
            Mailbox.objects.using(using).get_or_create(
                organisation=bodies[body],
                use=use,
                address=address,
                defaults={
                    "level": level,
                    "territory": list(territory),
                    "assured_on": on - timedelta(days=20),
                    "assured_by": people[person],
                },
            )
    make_missing_key_pairs(using=using)


def _ward(hospital: Organisation, using: str) -> None:
    name = "PASS du Centre hospitalier d’Exemple"
    Organisation.objects.using(using).get_or_create(
        name=name,
        defaults={
            "kind": "pass",
            "short_name": "PASS d’Exemple",
            "sort_name": sort_key(name),
            "departement": hospital.departement,
            "commune": hospital.commune,
            "parent": hospital,
            "mailbox": "pass@hopital.example.org",
        },
    )
