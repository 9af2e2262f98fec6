"""`maillage organisation open`: enters a body in the directory, with the key pair to which others will seal."""

import argparse
import sys

from maillage.cli.operating import OWNER, connect_as_owner
from maillage.core.database.errors import DatabaseError
from maillage.core.refusals import Refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the directory needs to know of a body."""
    parser.add_argument("--kind", required=True, help="nature : cpam, ccas, hospital…")
    parser.add_argument("--name", required=True, help="nom entier")
    parser.add_argument("--short-name", help="nom court ; le nom entier s’il n’est pas donné")
    parser.add_argument("--siret", required=True, help="14 chiffres")
    parser.add_argument("--departement", default="", help="42, 2A, 974… ; aucun pour un organisme national")
    parser.add_argument("--time-zone", default="", help="celui du département, s’il n’est pas donné")
    parser.add_argument("--mailbox", default="", help="boîte générique, où les rappels sont envoyés")


def run(arguments: argparse.Namespace) -> int:
    """0 when the organisation and its keys are there, 1 when something was refused: nothing is then written."""
    try:
        connect_as_owner()
        _open(arguments)
    except DatabaseError as error:
        print(f"maillage : {error}", file=sys.stderr)
        return 1
    except Refused as refused:
        for fault in refused.faults:
            print(f"maillage : {fault.message}", file=sys.stderr)
        return 1
    return 0


def _open(arguments: argparse.Namespace) -> None:
    from django.db import transaction  # noqa: PLC0415 -- Django is set up by now

    from maillage.organisations.directory.actions import Sheet, open_organisation  # noqa: PLC0415 -- the same
    from maillage.vault.actions import vault  # noqa: PLC0415 -- the same
    from maillage.vault.master import MasterKeyMissing  # noqa: PLC0415 -- the same

    sheet = Sheet(
        kind=arguments.kind,
        name=arguments.name.strip(),
        short_name=(arguments.short_name or arguments.name).strip(),
        siret="".join(arguments.siret.split()),
        departement=arguments.departement.upper(),
        time_zone=arguments.time_zone,
        mailbox=arguments.mailbox,
    )
    try:
        with transaction.atomic(using=OWNER):
            organisation = open_organisation(sheet=sheet, by=None, using=OWNER)
            vault().make_key_pair(organisation=organisation.id, using=OWNER)
    except MasterKeyMissing as error:
        raise Refused(
            "Sans clé maîtresse, pas de clés : donnez à MAILLAGE_MASTER_KEY celle du serveur."
        ) from error
    print(f"« {organisation.name} » est ouvert, avec ses clés ({organisation.time_zone}).")
