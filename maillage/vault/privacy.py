"""Personal data of this room: none, keys say nothing of anyone."""

from maillage.privacy.registry import declare, not_personal
from maillage.vault.models import AcceptedLoss, Erasure, IndexKey, PrivateKey, PublicKey, UsedStore

declare(PublicKey, not_personal("id organisation public created_at retired_at"))
declare(PrivateKey, not_personal("key organisation wrapped"))
declare(IndexKey, not_personal("organisation wrapped"))
declare(AcceptedLoss, not_personal("id organisation convention_id at"))
declare(UsedStore, not_personal("identity single since"))
declare(Erasure, not_personal("id organisation_id scope reference reason at"))
