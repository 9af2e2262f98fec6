"""Whether a certificate of destruction still says the truth: its seal, the database, the store, the ledger; here or once restored."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.db import connection

from maillage.core.numbers import plural
from maillage.protection.destruction.certificate import (
    Certificate,
    Countersigned,
    countersignature,
    ledger_digest,
    read,
)
from maillage.protection.destruction.queries import Left, left
from maillage.vault.actions import vault
from maillage.vault.belonging import remembered


@dataclass(frozen=True, slots=True)
class Verified:
    """What a certificate says, what is left where it was verified, and each thing that contradicts it, in French."""

    said: Certificate
    left: Left
    faults: tuple[str, ...]
    countersigned: Countersigned | None = None


def verify(pdf: bytes, *, certificate: bytes) -> Verified:
    """Compare a sealed certificate with this database and this store. Raises SealFault. The worker's role or the owner's."""
    said = read(pdf, certificate=certificate)
    organisation, convention = UUID(said.organisation), UUID(said.convention)
    found, store = left(organisation, convention), vault().store
    faults = []
    if found.lines == 0:
        faults.append(
            "Le registre des effacements ne connaît pas cette destruction : restauration sans effacements rejoués ?"
        )
    if said.ledger != ledger_digest(said.organisation, said.convention):
        faults.append("L’empreinte du registre n’est pas celle de cette destruction.")
    faults += [
        f"{number} {plural(number, one, several)}."
        for number, one, several in (
            (found.keys, "clé scellée reste dans la base", "clés scellées restent dans la base"),
            (found.parts, "dossier reste ouvert à l’organisme", "dossiers restent ouverts à l’organisme"),
            (
                found.digests,
                "empreinte de recherche reste dans la base",
                "empreintes de recherche restent dans la base",
            ),
            (
                found.documents,
                "document reste lisible par l’organisme",
                "documents restent lisibles par l’organisme",
            ),
        )
        if number
    ]
    if said.store != str(store.identity() or "") or remembered() != store.identity():
        faults.append("Le magasin de clés n’est pas celui du certificat.")
    elif said.store and (
        not store.is_destroyed(organisation, convention) or store.path(organisation, convention).exists()
    ):
        faults.append("La clé est encore dans le magasin.")
    if not _known(said, sha256(pdf).hexdigest()):
        faults.append("Ce fichier n’est pas l’un des certificats établis ici pour cette destruction.")
    return Verified(said, found, tuple(faults), countersignature(pdf, certificate=certificate))


def _known(said: Certificate, digest: str) -> bool:
    """Whether it is a certificate kept here, or one of before a restore that had it made again; True where none is known here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT protection_certificate_known(%s, %s, %s, %s, %s)",
            [said.destruction, said.organisation, said.convention, said.finished_at, digest],
        )
        return bool(cursor.fetchone()[0])
