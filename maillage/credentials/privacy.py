"""Personal data of this room: what people prove who they are with."""

from maillage.credentials.models import Factor, Identity, OpenSession
from maillage.privacy.registry import Form, Personal, Subject, declare, not_personal
from maillage.privacy.retention import of_a_professional

_OPEN = "Tant que la session est ouverte, un jour de plus au plus."
_CLEANED = "La ligne est effacée quand la session se ferme, ou par la tâche de chaque heure."


def _of_a_session(why: str) -> Personal:
    return Personal(Subject.PROFESSIONAL, why, _OPEN, _CLEANED)


def _secret(why: str, form: Form) -> Personal:
    return Personal(
        Subject.PROFESSIONAL,
        why,
        "Tant que la personne garde ce second facteur.",
        "La ligne est effacée quand elle le retire, ou quand son compte est rouvert par l’exploitant.",
        form,
    )


declare(
    Factor,
    {
        **not_personal("id kind counter"),
        "user": of_a_professional("Savoir de qui est ce second facteur."),
        "name": of_a_professional("Reconnaître sa clé parmi plusieurs."),
        "sealed": _secret("Vérifier un code.", Form.ENCRYPTED),
        "credential": _secret("Vérifier la signature d’une clé : la moitié publique seulement.", Form.PLAIN),
        "digests": _secret("Reconnaître un code de secours, une fois.", Form.DIGEST),
        "created_at": of_a_professional("Reconnaître un second facteur que l’on n’a pas ajouté."),
        "used_at": of_a_professional("Reconnaître un usage qui n’est pas le sien."),
    },
)
declare(
    OpenSession,
    {
        **not_personal("id"),
        "user": _of_a_session("Savoir de qui est cette session."),
        "key": Personal(
            Subject.PROFESSIONAL,
            "Fermer la session : l’empreinte n’ouvre rien.",
            _OPEN,
            _CLEANED,
            Form.DIGEST,
        ),
        "address": _of_a_session("Reconnaître une session qui n’est pas la sienne."),
        "agent": _of_a_session("Reconnaître une session qui n’est pas la sienne."),
        "opened_at": _of_a_session("Reconnaître une session qui n’est pas la sienne."),
        "seen_at": _of_a_session("Reconnaître une session qui n’est pas la sienne."),
    },
)
declare(
    Identity,
    {
        **not_personal("id issuer"),
        "user": of_a_professional("Savoir quel compte s’ouvre."),
        "subject": of_a_professional("Reconnaître la personne que le fournisseur a identifiée."),
        "linked_at": of_a_professional("Savoir depuis quand ce compte s’ouvre ainsi."),
    },
)
