"""Personal data of this room: professionals who write, sign and follow conventions. Texts name functions, never people."""

from maillage.conventions.amendments.models import Amendment
from maillage.conventions.calendar_feeds.models import CalendarFeed
from maillage.conventions.commitments.models import CommitmentEvidence, EvidenceCount, ObligationMark
from maillage.conventions.data_roles.models import FlowAcceptance
from maillage.conventions.deployment.models import DeploymentReason
from maillage.conventions.lifecycle.models import (
    Convention,
    Delivery,
    Event,
    Party,
    Relation,
    TermsVersion,
)
from maillage.conventions.referents.models import Referent, ReferentTraining
from maillage.conventions.signatures.models import Signature
from maillage.conventions.solicitations.models import Solicitation
from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import encrypted, of_a_professional, who_acted

declare(
    Convention,
    not_personal(
        "id title sort_title level template departement partner_kind partners state end_kind is_disputed content_hash starts_on "
        "ends_on in_force next_due_on next_due_what drafted_by chosen time_zone swept_on roles_due_on created_at changed_at"
    ),
)
declare(
    Party,
    not_personal("id convention organisation key role position since state next_due_on sort_title"),
)
declare(
    TermsVersion,
    {
        **not_personal("id convention number terms content_hash written_at"),
        "written_by": who_acted("a écrit ce texte"),
    },
)
declare(Relation, not_personal("id convention kind key target text document"))
declare(
    Event,
    {
        **not_personal("id convention kind day party_key detail document recorded_at recorded_for"),
        "recorded_by": who_acted("a enregistré ce fait"),
    },
)
declare(Delivery, not_personal("id convention event addressee_key sent_on presented_on received_on"))
declare(
    Amendment,
    {
        **not_personal("id convention number title changes effect_on state content_hash written_at"),
        "written_by": who_acted("a écrit cet avenant"),
    },
)
declare(
    CalendarFeed,
    {
        **not_personal("id organisation created_at revoked_at"),
        "user": of_a_professional("Savoir à qui appartient ce calendrier."),
    },
)
declare(
    ObligationMark,
    {
        **not_personal(
            "id convention obligation_key kind answers day note document recorded_at recorded_for"
        ),
        "recorded_by": who_acted("a coché, demandé ou répondu"),
    },
)
declare(
    CommitmentEvidence,
    {
        **not_personal(
            "id convention commitment_key occurrence day note document cancels source fact recorded_at recorded_for"
        ),
        "recorded_by": who_acted("a noté cette preuve"),
    },
)
declare(EvidenceCount, not_personal("evidence convention_id since until counted over"))
declare(
    DeploymentReason,
    {
        **not_personal("id framework organisation reason label day comment recorded_at"),
        "recorded_by": who_acted("a noté ce motif"),
    },
)
declare(
    FlowAcceptance,
    {
        **not_personal(
            "id convention flow_key organisation party_key given_on reason document recorded_at recorded_for withdrawn_on "
            "withdrawn_why withdrawn_at"
        ),
        "recorded_by": who_acted("a enregistré cet accord"),
        "withdrawn_by": who_acted("a retiré cet accord"),
    },
)
declare(
    Referent,
    {
        **not_personal("id convention organisation party_key level since until succeeds told_on"),
        "function": of_a_professional("Savoir à qui s’adresser."),
        "mailbox": of_a_professional("Joindre le référent ; une boîte générique est préférée."),
        "phone": of_a_professional("Joindre le référent."),
    },
)
declare(
    ReferentTraining,
    not_personal("id convention organisation referent trained_on subject organiser withdrawn_at"),
)
declare(
    Signature,
    {
        **not_personal(
            "id convention amendment organisation party_key content_hash signed_on by_delegation delegation_document "
            "document recorded_at recorded_for voided_at"
        ),
        "function": of_a_professional("Savoir en quelle qualité la convention a été signée."),
        "recorded_by": who_acted("a enregistré cette signature"),
    },
)
declare(
    Solicitation,
    {
        **not_personal(
            "id convention way article caller called called_key asked_at due_on question answer answered_at withdrawn_at case agreed_on "
            "agreement_means"
        ),
        "sealed_question": encrypted("Savoir où en est la démarche d’une personne, avec son accord."),
        "sealed_answer": encrypted("Dire où en est la démarche d’une personne, avec son accord."),
        "agreement_by": of_a_professional("Savoir qui a recueilli l’accord de la personne."),
        "asked_by": who_acted("a sollicité un référent"),
        "answered_by": who_acted("a répondu"),
        "withdrawn_by": who_acted("a retiré sa question"),
    },
)
