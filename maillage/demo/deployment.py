"""Other caisses, which say where they are with the framework of the Croix-Rouge: for the map of its deployment."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import uuid5

from django.contrib.auth.hashers import make_password
from django.db import transaction

from maillage.conventions.deployment.actions import Reason, note_reason
from maillage.conventions.deployment.models import DeploymentReason
from maillage.core.clock import now, today
from maillage.core.row_security import acting
from maillage.demo.cast import PASSWORD, Body, Person
from maillage.demo.conventions import PARIS, convention_id
from maillage.demo.directory import load_organisation, load_person
from maillage.demo.secondments import FRAMEWORK
from maillage.organisations.member import enter
from maillage.organisations.models import Organisation, User
from maillage.organisations.roles import Role


@dataclass(frozen=True)
class _Caisse:
    """A caisse, and what it noted, the oldest first: how many days ago, the reason, a few words."""

    key: str
    kind: str
    name: str
    departement: str
    noted: tuple[tuple[int, str, str], ...] = ()

    @property
    def address(self) -> str:
        """Its referent's."""
        return f"referent@{self.key}.example.org"


_CAISSES: Final = (
    _Caisse(
        "cpam-01", "cpam", "CPAM de l’Ain", "01", ((90, "demarches_en_cours", "Première réunion tenue."),)
    ),
    _Caisse("cpam-2b", "cpam", "CPAM de la Haute-Corse", "2B", ((200, "crf_absente", ""),)),
    _Caisse(
        "cpam-38",
        "cpam",
        "CPAM de l’Isère",
        "38",
        ((300, "absence_reponse", "Deux courriers."), (40, "demarches_en_cours", "Texte en relecture.")),
    ),
    _Caisse("cpam-63", "cpam", "CPAM du Puy-de-Dôme", "63", ((120, "convention_anterieure", ""),)),
    _Caisse("cpam-69", "cpam", "CPAM du Rhône", "69"),
    _Caisse("cgss-974", "cgss", "CGSS de La Réunion", "974", ((60, "aucune_demarche", ""),)),
)


def load_deployment(*, using: str = "owner") -> None:
    """Enter what is missing: the caisses and their referents (operator's act), then what each noted, once."""
    with transaction.atomic(using=using):
        cnam = Organisation.objects.using(using).get(kind="cnam")
        hashed = make_password(PASSWORD)
        for caisse in _CAISSES:
            body = Body(caisse.key, caisse.kind, caisse.name, caisse.name, caisse.departement)
            organisation = load_organisation(body, cnam, using)
            person = Person("Référent·e d’exemple", caisse.address, ((caisse.key, Role.REFERENT),))
            load_person(person, hashed, {caisse.key: organisation}, using)
    for caisse in _CAISSES:
        with transaction.atomic():
            _note(caisse)


def _note(caisse: _Caisse) -> None:
    framework, user = convention_id(FRAMEWORK), User.objects.get(email=caisse.address)
    member = enter(user=user.id, user_name=user.full_name, wanted=None, on=today(PARIS))
    if member is None:
        return
    with acting(organisation=member.organisation, user=member.user):
        if DeploymentReason.objects.filter(framework=framework, organisation=member.organisation).exists():
            return
        for number, (days, key, comment) in enumerate(caisse.noted):
            day = today(PARIS) - timedelta(days=days)
            said = Reason(uuid5(framework, f"{caisse.key}-{number}"), key, day, comment)
            note_reason(framework=framework, reason=said, by=member, at=now())
