"""The five renewals from end to end, over the organisations of the directory: each room closes again what it holds."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from maillage.beneficiaries.indexing import index_waiting, renew_index
from maillage.beneficiaries.stopping import reseal_objections
from maillage.cases.resealing import reseal_cases
from maillage.cli.plurals import counted
from maillage.core.clock import now
from maillage.core.database.errors import DatabaseError
from maillage.credentials.rewrapping import factors_under_former, rewrap_factors
from maillage.documents.rewrapping import documents_under_former, rewrap_documents
from maillage.organisations.models import Organisation
from maillage.protection.requests.renewing import reseal_requests
from maillage.referrals import renewing as case_renewing
from maillage.referrals.enrolment_files import wrap_enrolments_again
from maillage.referrals.own_file import wrap_files_again
from maillage.referrals.resealing import reseal_drafts
from maillage.rights.renewing import APPLICATIONS, reseal_preparations
from maillage.vault import renewing
from maillage.vault.actions import vault
from maillage.vault.renewing import Done, StillSealing
from maillage.vault.store import KeyDestroyed


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator asked for."""

    siret: str = ""
    resume: bool = False
    before: datetime | None = None
    batch: int | None = None
    progress: Callable[[str], renewing.Tell] = lambda _: lambda _: None

    @property
    def size(self) -> int:
        """Rows of one transaction."""
        return self.batch or renewing.BATCH


def bodies(wanted: Wanted) -> Sequence[tuple[UUID, str]]:
    """The organisations asked for, with their short names; raises DatabaseError for a SIRET that is nobody's here."""
    having = renewing.bodies_with_keys()
    rows = Organisation.objects.filter(id__in=having).order_by("sort_name", "id")
    if wanted.siret:
        rows = rows.filter(siret=wanted.siret)
    found = list(rows.values_list("id", "short_name"))
    if not found:
        raise DatabaseError(
            f"Aucun organisme n’a de clés sous le SIRET « {wanted.siret} »."
            if wanted.siret
            else "Aucun organisme n’a de clés."
        )
    return found


def master(wanted: Wanted) -> int:
    """Everything that the master key wraps, under the current one. Says whether the former one can be taken away."""
    print("Clé maîtresse : tout ce qu’elle enveloppe passe sous la clé en service.")
    found = renewing.rewrap_store()
    print(f"  clés par convention : {counted(found.changed, 'passée')}", flush=True)
    found += rewrap_factors()
    for body, name in bodies(Wanted()):
        found += renewing.rewrap_own(body)
        found += rewrap_documents(body, batch=wanted.size, tell=wanted.progress(f"{name}, documents"))
    print(f"{found.changed} enveloppes refaites.")
    return _conclude(found, left=say_master(under_former()))


def under_former() -> int:
    """How many envelopes are not under the current master key."""
    everybody = bodies(Wanted())
    own = sum(renewing.own_under_former(body) for body, _ in everybody)
    files = sum(documents_under_former(body) for body, _ in everybody)
    return own + files + factors_under_former() + renewing.store_under_former()


def say_master(left: int) -> int:
    """Say whether the former master key can be taken away; how many still need it, as given."""
    if left:
        print(
            f"Il reste {counted(left, 'enveloppe qui n’est', 'enveloppes qui ne sont')} pas sous la clé maîtresse "
            "en service : gardez l’ancienne."
        )
    else:
        print(
            "Plus rien n’est sous une autre clé maîtresse. Quand tous les serveurs ont la nouvelle, l’ancienne peut être "
            "retirée de leur environnement ; gardez-la hors ligne aussi longtemps que des sauvegardes faites sous elle."
        )
    return left


def pairs(wanted: Wanted) -> int:
    """A new key pair for each organisation; the former private half goes once nothing needs it."""
    found, left = Done(), 0
    for body, name in bodies(wanted):
        new = _unless_sealing(lambda body=body: not wanted.resume and renewing.renew_pair(body))  # type: ignore[misc]  # bound now
        retired = renewing.retired_pairs(body)
        if not retired:
            continue
        print(f"{name} : {'nouvelle paire en service' if new else 'reprise de la rotation commencée'}.")
        if not new:
            _unless_sealing(lambda body=body: renewing.await_sealers(body))  # type: ignore[misc]  # bound now
        done = reseal_cases(body, pairs=retired, batch=wanted.size, tell=wanted.progress(f"{name}, dossiers"))
        done += reseal_drafts(
            body, pairs=retired, batch=wanted.size, tell=wanted.progress(f"{name}, brouillons")
        )
        done += reseal_preparations(
            body, pairs=retired, batch=wanted.size, tell=wanted.progress(f"{name}, dossiers en préparation")
        )
        done += reseal_requests(
            body, pairs=retired, batch=wanted.size, tell=wanted.progress(f"{name}, demandes de personnes")
        )
        done += reseal_objections(
            body, pairs=retired, batch=wanted.size, tell=wanted.progress(f"{name}, oppositions")
        )
        kept = renewing.forget_pairs(body)
        print(
            f"  {counted(done.changed, 'clé ou brouillon scellé', 'clés et brouillons scellés')} à nouveau ; "
            + ("l’ancienne clé privée est détruite." if not kept else "l’ancienne clé privée reste : quelque chose en dépend.")
        )  # fmt: skip
        found, left = found + done, left + kept
    return _conclude(found, left=left)


def store(wanted: Wanted) -> int:
    """A new key for each (organisation, convention) of the store; the former file goes once nothing is under it."""
    keys, found, left = vault().store, Done(), 0
    names = dict(bodies(wanted))
    chosen = keys.being_renewed() if wanted.resume else keys.holders()
    for body, convention in chosen:
        if body not in names:
            continue
        try:
            _unless_sealing(lambda body=body, convention=convention: renewing.renew_stored(body, convention))  # type: ignore[misc]  # bound now
        except KeyDestroyed:
            continue
        label = f"{names[body]}, convention {convention}"
        done = reseal_cases(
            body, convention=convention, batch=wanted.size, tell=wanted.progress(f"{label}, dossiers")
        )
        done += wrap_files_again(
            body, convention, batch=wanted.size, tell=wanted.progress(f"{label}, dossiers propres")
        )
        done += wrap_enrolments_again(
            body, convention, batch=wanted.size, tell=wanted.progress(f"{label}, inscriptions PRADO")
        )
        if done.unreadable:
            left += 1
        else:
            renewing.forget_stored(body, convention)
        print(f"{label} : {counted(done.changed, 'clé scellée', 'clés scellées')} à nouveau.", flush=True)
        found += done
    return _conclude(found, left=left)


def cases(wanted: Wanted) -> int:
    """A new key for each running case: what it holds is encrypted again."""
    before, found = wanted.before or now(), Done()
    print(
        f"Clés de dossiers faites avant {before.isoformat()}. Pour reprendre : --made-before {before.isoformat()}"
    )
    size = wanted.batch or case_renewing.BATCH
    for body, name in bodies(wanted):
        found += case_renewing.renew_cases(
            body, before=before, batch=size, tell=wanted.progress(name), also=(APPLICATIONS,)
        )
    print(f"{counted(found.changed, 'dossier a', 'dossiers ont')} une nouvelle clé.")
    return _conclude(found, left=0)


def index(wanted: Wanted) -> int:
    """A new key for each organisation's index, then its people again under it. Stopped on its way, the worker goes on.

    With `--resume`, no new key: what waits is indexed.
    """
    for body, name in () if wanted.resume else bodies(wanted):
        waiting = renew_index(body)
        if waiting is not None:
            print(f"{name} : nouvelle clé d’index, {counted(waiting, 'personne')} à indexer.", flush=True)
    done = index_waiting(tell=wanted.progress("empreintes"))
    print(
        f"{counted(done.indexed, 'dossier indexé', 'dossiers indexés')}, {done.left_out} sans données lisibles."
    )
    return 0


def _unless_sealing(step: Callable[[], object]) -> object:
    try:
        return step()
    except StillSealing as error:
        raise DatabaseError(
            "Une transaction qui scelle ne se termine pas : la rotation s’arrête là, relancez la commande."
        ) from error


def _conclude(found: Done, *, left: int) -> int:
    if found.unreadable:
        print(
            f"maillage : {counted(found.unreadable, 'ne s’ouvre', 'ne s’ouvrent')} avec aucune clé connue ; "
            "le journal du serveur les nomme. "
            "Rien n’y a été changé.",
            file=sys.stderr,
        )
    return 1 if found.unreadable or left else 0
