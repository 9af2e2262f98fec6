"""Personal data of this room: professionals who meet, write and decide. No text of it speaks of a person who is helped.

Sheets name functions; credits are totals."""

from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import of_a_professional, who_acted
from maillage.steering.committees.models import Decision, Meeting, Minutes, Pack, Remark, Validation
from maillage.steering.credits.models import CreditEnvelope, CreditFigure, RegulationMeasure
from maillage.steering.local_actions.models import LocalAction, Proposal
from maillage.steering.provision.models import ProvisionActual, ProvisionTriangle
from maillage.steering.sheets.models import SheetEntry

declare(
    Meeting,
    {
        **not_personal(
            "id convention committee_key name kind state members needed planned_on starts_at place link inside convocations agenda reason "
            "planned_at convened_at held_at closed_at cancelled_at"
        ),
        "presence": of_a_professional("Savoir par quelle fonction chaque partie était représentée."),
        "planned_by": who_acted("a prévu cette réunion"),
        "convened_by": who_acted("a convoqué cette réunion"),
        "held_by": who_acted("a noté que cette réunion s’est tenue"),
        "cancelled_by": who_acted("a annulé cette réunion"),
    },
)
declare(
    Remark,
    {
        **not_personal("id convention meeting kind text recorded_at recorded_for withdrawn_at"),
        "recorded_by": who_acted("a écrit ces mots pour le comité"),
    },
)
declare(
    Minutes,
    {
        **not_personal("id convention meeting number body content_hash recorded_at recorded_for"),
        "recorded_by": who_acted("a écrit ce compte rendu"),
    },
)
declare(
    Validation,
    {
        **not_personal("id convention minutes party_key content_hash recorded_at recorded_for"),
        "recorded_by": who_acted("a validé ce compte rendu"),
    },
)
declare(
    Decision,
    {
        **not_personal(
            "id convention meeting number text owner_key due_on state confirmed_in recorded_at recorded_for ended_at note"
        ),
        "recorded_by": who_acted("a noté cette décision"),
        "ended_by": who_acted("a noté ce que cette décision est devenue"),
    },
)
declare(
    Pack,
    {
        **not_personal("id convention meeting number occasion pdf workbook recorded_at recorded_for"),
        "recorded_by": who_acted("a demandé ce dossier de réunion"),
    },
)
declare(
    LocalAction,
    {
        **not_personal(
            "id convention title description state recorded_at recorded_for done results worth analysed_at arbiter arbitrated_on why "
            "rollout rolled_out_on"
        ),
        "recorded_by": who_acted("a décrit cette action"),
        "analysed_by": who_acted("a noté l’analyse de cette action"),
        "arbitrated_by": who_acted("a noté l’arbitrage de cette action"),
        "rolled_out_by": who_acted("a noté le déploiement de cette action"),
    },
)
declare(
    Proposal,
    {
        **not_personal(
            "id convention action framework theme title outcome recorded_at recorded_for withdrawn_at"
        ),
        "recorded_by": who_acted("a proposé cette action au niveau national"),
        "withdrawn_by": who_acted("a retiré cette proposition"),
    },
)
declare(
    SheetEntry,
    {
        **not_personal(
            "id convention sheet_key kind item replaces of text state day done_on detail recorded_at recorded_for"
        ),
        "recorded_by": who_acted("a écrit ceci sur la fiche"),
    },
)
declare(
    CreditEnvelope,
    {
        **not_personal("id convention name name_key target recorded_at recorded_for"),
        "recorded_by": who_acted("a ouvert cette enveloppe"),
    },
)
declare(
    CreditFigure,
    {
        **not_personal(
            "id convention envelope year month cents source corrects reason recorded_at recorded_for"
        ),
        "recorded_by": who_acted("a donné ce chiffre"),
    },
)
declare(
    RegulationMeasure,
    {
        **not_personal("id convention envelope day what cents recorded_at recorded_for"),
        "recorded_by": who_acted("a noté cette mesure"),
    },
)
declare(
    ProvisionTriangle,
    {
        **not_personal(
            "id convention component year first_year cells source replaces reason recorded_at recorded_for"
        ),
        "recorded_by": who_acted("a donné ces paiements"),
    },
)
declare(
    ProvisionActual,
    {
        **not_personal(
            "id convention component year cents known_on source replaces reason recorded_at recorded_for"
        ),
        "recorded_by": who_acted("a noté ce réalisé"),
    },
)
