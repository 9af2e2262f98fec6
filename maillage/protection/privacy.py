"""Personal data of this room: professionals who report, acknowledge and decide; who asks something about her data, sealed; her cases."""

from maillage.privacy.registry import Form, Personal, Subject, declare, not_personal
from maillage.privacy.retention import who_acted
from maillage.protection.assessments.models import Assessment, AssessmentContribution, AssessmentRisk
from maillage.protection.authorisations.models import TransferAnswer, TransferRequest, TransferWithdrawal
from maillage.protection.breaches.extent_models import BreachExtent
from maillage.protection.breaches.models import (
    Breach,
    BreachDecision,
    BreachEntry,
    BreachNotice,
    BreachParty,
    BreachReach,
)
from maillage.protection.destruction.models import Destruction
from maillage.protection.records.models import RecordVersion
from maillage.protection.requests.models import (
    Rectification,
    RequestFile,
    RequestPart,
    RightOutcome,
    RightsRequest,
)
from maillage.protection.retention.models import CaseDuration

declare(
    CaseDuration,
    {
        **not_personal("id organisation convention kind months reason recorded_at"),
        "recorded_by": who_acted("a fixé cette durée de conservation"),
    },
)
declare(
    Destruction,
    {
        **not_personal(
            "id convention organisation state article what why reason ended_on earliest_on due_on planned_at set_at began_at cases"
            " emptied documents finished_at certificate countersigned_at"
        ),
        "set_by": who_acted("a fixé ce jour"),
        "countersigned_by": who_acted("a contresigné ce certificat"),
    },
)
declare(
    RecordVersion,
    {
        **not_personal("id organisation number content digest added removed changed recorded_at"),
        "recorded_by": who_acted("a gardé cette version du registre"),
    },
)
declare(
    Breach,
    {
        **not_personal(
            "id organisation state what noticed_at natures data people records goes_on recorded_at joined_to lessons ended_at"
        ),
        "recorded_by": who_acted("a signalé cette violation"),
        "ended_by": who_acted("a clos cette violation"),
    },
)
declare(BreachParty, not_personal("id breach organisation controls decides since aware_at aware_why"))
declare(
    BreachNotice,
    {
        **not_personal(
            "id breach convention debtor addressee article within start scope to_dpo counted_from due_at written_at told_at means"
            " acknowledged_at"
        ),
        "told_by": who_acted("a prévenu cette partie"),
        "acknowledged_by": who_acted("a accusé réception"),
    },
)
declare(
    BreachDecision,
    {
        **not_personal(
            "id breach number is_breach reason consequences measures tells_authority authority_reason tells_persons persons_reason"
            " recorded_at recorded_for"
        ),
        "recorded_by": who_acted("a proposé cette décision"),
    },
)
declare(
    BreachEntry,
    {
        **not_personal(
            "id breach kind happened_at text late_reason decision document recorded_at recorded_for"
        ),
        "recorded_by": who_acted("a ajouté cette pièce au dossier de la violation"),
    },
)
declare(
    BreachExtent,
    {
        **not_personal(
            "id breach number natures data people records goes_on began_at stopped_at why recorded_at recorded_for"
        ),
        "recorded_by": who_acted("a mis à jour l’étendue de cette violation"),
    },
)
_LOOKED_AT = (
    "Cinq ans après la clôture de la violation (prescription) ; le registre reste (RGPD, article 33.5)."
)
declare(
    BreachReach,
    {
        **not_personal("id organisation breach since before conventions is_whole recorded_at"),
        "person": Personal(
            Subject.PROFESSIONAL,
            "Savoir de quel compte les lectures ont été cherchées.",
            _LOOKED_AT,
            "Effacé par la tâche de chaque nuit.",
        ),
        "readers": Personal(
            Subject.PROFESSIONAL,
            "Savoir quels comptes ont lu les dossiers touchés.",
            _LOOKED_AT,
            "Effacé par la tâche de chaque nuit.",
        ),
        "readings": Personal(
            Subject.PROFESSIONAL,
            "Savoir quel compte a lu quel dossier touché, du premier au dernier jour.",
            _LOOKED_AT,
            "Effacé par la tâche de chaque nuit.",
        ),
        "cases": Personal(
            Subject.BENEFICIARY,
            "Savoir quels dossiers sont touchés, pour prévenir les personnes.",
            _LOOKED_AT,
            "Effacé par la tâche de chaque nuit : un identifiant, qui ne dit rien sans le dossier.",
            Form.PLAIN,
        ),
        "recorded_by": who_acted("a cherché l’étendue de cette violation"),
    },
)
_ASKED = "Cinq ans après la réponse (prescription), puis effacées avec la demande."
declare(
    RightsRequest,
    {
        **not_personal(
            "id organisation received_on channel subject rights due_on recorded_at extended_on extension_reason"
        ),
        "recorded_by": who_acted("a noté cette demande"),
        "extended_by": who_acted("a prolongé le délai de cette demande"),
    },
)
declare(
    RequestPart,
    {
        **not_personal(
            "id request receiver organisation convention article asked_at is_here along answered_at"
        ),
        "cases": Personal(
            Subject.BENEFICIARY,
            "Savoir sur quels dossiers communs porte la demande.",
            _ASKED,
            "Avec la demande : un identifiant, qui ne dit rien sans le dossier.",
            Form.PLAIN,
        ),
    },
)
declare(
    RequestFile,
    {
        **not_personal(
            "id request organisation state check_made checked_at searched_at begun_searched ground words ended_at"
        ),
        "sealed": Personal(
            Subject.BENEFICIARY,
            "Savoir qui demande, la reconnaître et lui écrire.",
            _ASKED,
            "La clé privée de l’organisme est détruite, ou la ligne est effacée.",
            Form.ENCRYPTED,
        ),
        "cases": Personal(
            Subject.BENEFICIARY,
            "Savoir quels dossiers de l’organisme sont ceux de la personne.",
            _ASKED,
            "Avec la demande : un identifiant, qui ne dit rien sans le dossier.",
            Form.PLAIN,
        ),
        "begun": Personal(
            Subject.BENEFICIARY,
            "Savoir quels brouillons et dossiers en préparation de l’organisme sont ceux de la personne.",
            _ASKED,
            "Avec la demande : un identifiant, qui ne dit rien sans le brouillon.",
            Form.PLAIN,
        ),
        "contacts": Personal(
            Subject.PROFESSIONAL,
            "Savoir quels contacts de l’organisme sont la personne.",
            _ASKED,
            "Avec la demande, ou avec le contact lui-même : un identifiant, qui ne dit rien sans lui.",
            Form.PLAIN,
        ),
        "ended_by": who_acted("a répondu à cette demande"),
    },
)
declare(
    RightOutcome,
    {
        **not_personal("id organisation file outcome ground words done decided_at"),
        "right": Personal(
            Subject.BENEFICIARY,
            "Savoir ce qui est répondu à chaque droit qu’elle demande.",
            _ASKED,
            "Avec la demande : elle ne nomme personne.",
            Form.PLAIN,
        ),
        "decided_by": who_acted("a répondu à ce droit"),
    },
)
declare(
    Rectification,
    {
        **not_personal("id request organisation addressee kind what told_at acknowledged_at"),
        "case_id": Personal(
            Subject.BENEFICIARY,
            "Savoir dans quel dossier commun reprendre la rectification.",
            _ASKED,
            "Avec la demande : un identifiant, qui ne dit rien sans le dossier.",
            Form.PLAIN,
        ),
        "told_by": who_acted("a transmis cette rectification"),
        "acknowledged_by": who_acted("a repris cette rectification"),
    },
)
declare(
    TransferRequest,
    {
        **not_personal(
            "id convention organisation regime_key kind body country data purpose guarantees starts_on asked_of article blank document"
            " recorded_at"
        ),
        "recorded_by": who_acted("a demandé cette autorisation"),
    },
)
declare(
    TransferAnswer,
    {
        **not_personal(
            "id request convention organisation granted words day until to_term document recorded_at recorded_for"
        ),
        "recorded_by": who_acted("a répondu à cette demande d’autorisation"),
    },
)
declare(
    TransferWithdrawal,
    {
        **not_personal("id request convention words recorded_at recorded_for"),
        "recorded_by": who_acted("a retiré cette autorisation"),
    },
)
declare(
    Assessment,
    {
        **not_personal(
            "id organisation convention regime scope number state lead_reason necessity written_at decision review_on description digest"
            " text_digest recorded_at validated_at"
        ),
        "recorded_by": who_acted("a ouvert cette analyse d’impact"),
        "validated_by": who_acted("a validé cette analyse d’impact"),
    },
)
declare(
    AssessmentRisk,
    not_personal(
        "id assessment event sources impacts measures severity likelihood residual_severity residual_likelihood written_at"
    ),
)
declare(
    AssessmentContribution,
    {
        **not_personal(
            "id assessment leader organisation kind question subject due_on is_here recorded_at answered_at is_reported stance words"
            " document withdrawn_at"
        ),
        "recorded_by": who_acted("a demandé cette contribution"),
        "answered_by": who_acted("a répondu à cette demande"),
        "withdrawn_by": who_acted("a cessé d’attendre cette réponse"),
    },
)
