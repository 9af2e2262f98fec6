"""What must hold of the key store before production serves anyone, beside the checks of core."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Critical, Tags, register
from django.db import connection

from maillage.vault.belonging import remembered
from maillage.vault.master import MasterKeys
from maillage.vault.store import KeyStore

HINT = (
    "Rien n’est fait ni ouvert avec lui. Montez le bon dossier à la place que dit MAILLAGE_KEY_STORE, ou rendez sa "
    "sauvegarde dans un dossier vide : maillage keys restore FICHIER (docs/operations/keys.md)."
)


def store_fault() -> str:
    """What is wrong with the store of the settings, in French; empty when it is the database's, or when it has none yet."""
    known, store = remembered(), KeyStore(settings.KEY_STORE, MasterKeys(b""))
    found = store.identity()
    if known is None or known == found:
        return ""
    if found is None:
        return "Le magasin de clés de cette base a été vidé, n’est pas monté ou ne se lit pas."
    return "Le magasin de clés n’est pas celui de cette base : il a servi à une autre."


@register(Tags.security, deploy=True)
def key_store_is_the_databases(**_: Any) -> list[CheckMessage]:
    """With another store, or with none, all that was sealed would look lost."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('vault_usedstore') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return []  # no table yet: nothing was sealed
    fault = store_fault()
    return [Critical(fault, hint=HINT, id="maillage.E035")] if fault else []
