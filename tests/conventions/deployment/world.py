"""A national framework signed by its two parties, other caisses below the Cnam, and a local convention under it: by the real actions."""

from uuid import UUID

from maillage.conventions import library
from maillage.conventions.deployment.actions import Reason, note_reason
from maillage.conventions.deployment.models import DeploymentReason
from maillage.conventions.drafting import actions as drafting
from maillage.conventions.drafting.proposing import propose
from maillage.conventions.lifecycle.relations import relate
from maillage.core.identifiers import uuid7
from maillage.organisations.directory.actions import open_body
from maillage.organisations.directory.imports.lines import Entry
from maillage.organisations.models import Organisation
from tests.conventions.people import (
    CNAM,
    CPAM,
    CROIX_ROUGE,
    DRAFTED,
    body,
    instant,
    member,
    ready,
    seen,
    sign_as,
    signed,
)

FRAMEWORK = "croix_rouge_cadre_2021"
DIRECTORY = "annuaire@cnam.example.org"
AT = instant("2025-03-03")


def signed_framework() -> UUID:
    """Between the Cnam and the Croix-Rouge, signed by both."""
    new = uuid7()
    text = library.load(FRAMEWORK).model_copy(update={"signatures": ()})
    with member(CNAM, DRAFTED) as national:
        row = drafting.start_from_terms(new_id=new, terms=text, by=national, at=DRAFTED)
        for key, name in (("cnam", "Cnam"), ("croix_rouge", "Croix-Rouge")):
            drafting.choose_body(convention=row, key=key, organisation=body(name).id, by=national, at=DRAFTED)
    ready(new, by=CNAM)
    with member(CNAM, DRAFTED) as national:
        propose(convention=seen(national, new), by=national, at=DRAFTED)
    sign_as(new, CNAM)
    sign_as(new, CROIX_ROUGE)
    return new


def opened_caisse(name: str, departement: str, kind: str = "cpam") -> UUID:
    """A caisse of the Cnam's, where nobody works yet."""
    with member(DIRECTORY, AT) as manager:
        cnam = Organisation.objects.get(short_name="Cnam").id
        entry = Entry(line=0, kind=kind, name=name, departement=departement)
        return open_body(new_id=uuid7(), entry=entry, parent=cnam, by=manager)


def applied(framework: UUID) -> UUID:
    """A local convention of the CPAM, signed by all, that says it implements the framework."""
    local = signed()
    with member(CPAM, AT) as caisse:
        relate(convention=seen(caisse, local), kind="implements", target=framework, by=caisse, at=AT)
    return local


def noted(framework: UUID, key: str, address: str = CPAM, **changes: object) -> DeploymentReason:
    """What the referente of a caisse notes."""
    said = {"reason_id": uuid7(), "key": key, "day": AT.date(), "comment": "", **changes}
    with member(address, AT) as referent:
        return note_reason(framework=framework, reason=Reason(**said), by=referent, at=AT)  # type: ignore[arg-type]
