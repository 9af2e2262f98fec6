"""The journal and the outbox, declared by label: their rooms and this one do not import each other."""

from maillage.privacy.registry import Form, Personal, Subject, declare, not_personal
from maillage.privacy.retention import in_the_journal, of_a_professional

declare(
    "audit.Entry",
    {
        **not_personal("id at organisation_id verb object_type fields leaf transaction"),
        "user_id": in_the_journal("Savoir qui a lu ou changé quoi."),
        "object_ref": in_the_journal("Savoir de quel dossier il s’agissait, par sa seule référence."),
        "reason": in_the_journal("Le motif d’un acte ou d’un refus."),
    },
)
declare("audit.Link", not_personal("chain lane number previous digest members"))
declare("audit.Anchor", not_personal("number at recorded_at retention_days digest"))
declare("audit.Seal", not_personal("chain lane number digest anchor"))
declare("audit.Pruning", not_personal("chain lane number digest pruned_at transaction"))
declare("audit.Chain", not_personal("chain lane number previous digest transaction began"))
declare(
    "notifications.Message",
    {
        **not_personal(
            "id recipient_id kind reference path invitation_id referent_id cases held created_at claimed_until handed_at sent_at"
            " attempts failed_at"
        ),
        "once": of_a_professional("Ne prévenir qu’une fois d’un même fait : l’identifiant du compte y est."),
        "account_id": of_a_professional(
            "Prévenir la personne, à son adresse, de ce qui change à son compte."
        ),
    },
)
declare(
    "notifications.Mailing",
    {
        **not_personal("choice chosen_at looked_on told_on told_of"),
        "user_id": of_a_professional(
            "Écrire à la personne comme elle l’a choisi, une fois par jour au plus."
        ),
    },
)
declare(
    "notifications.Said",
    {
        "digest": Personal(
            Subject.PROFESSIONAL,
            "Ne pas prévenir deux fois d’un même fait, une fois le message retiré de la file.",
            "Tant que la plateforme sert : une empreinte, sans destinataire, ni nature, ni date.",
            "Avec la base.",
            Form.DIGEST,
        )
    },
)
