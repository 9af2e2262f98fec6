"""Personal data by category, in French words: what a register of processing says instead of the names of tables and columns.

Each model that holds a personal field is in one category (tests/privacy/test_categories.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from maillage.privacy.registry import Declaration, Form, Personal, Subject
from maillage.privacy.retention import who_acted

ACTED: Final = "Savoir qui a fait quoi, et quand."
"""Said once for all the fields that name whoever acted: a line for each would hide the others."""
_OF_AN_ACT: Final = who_acted("").kept
FORMS: Final[Mapping[Form, str]] = {
    Form.PLAIN: "en clair dans la base",
    Form.ENCRYPTED: "chiffrées",
    Form.DIGEST: "réduites à une empreinte",
}
SUBJECTS: Final[Mapping[Subject, str]] = {
    Subject.BENEFICIARY: "personnes accompagnées",
    Subject.PROFESSIONAL: "professionnels et bénévoles qui ont un compte, ou que l’on joint pour leur organisme",
}


@dataclass(frozen=True, slots=True)
class Category:
    """Some models that serve one end. `own`: each organisation holds it for itself; else it hangs on the cases of a convention."""

    key: str
    title: str
    data: str
    own: bool
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """What the registry declares of a category: each different word once, in order."""

    category: Category
    subjects: tuple[str, ...]
    why: tuple[str, ...]
    kept: tuple[str, ...]
    destroyed: tuple[str, ...]
    forms: tuple[str, ...]


def _in(room: str, names: str) -> tuple[str, ...]:
    return tuple(f"{room}.{name}" for name in names.split())


CATEGORIES: Final = (
    Category(
        "identity",
        "Identité et coordonnées de la personne",
        "nom, prénom, date de naissance, numéro de sécurité sociale s’il est donné, coordonnées ; empreintes qui servent à la retrouver",
        False,
        _in("beneficiaries", "Beneficiary BlindIndex"),
    ),
    Category(
        "consent",
        "Information et accord de la personne",
        "ce qui lui a été dit, quand et comment ; son accord, ses retraits, ses oppositions ; ce qu’elle laisse lire du suivi",
        False,
        _in("beneficiaries", "Consent Information Objection ProgressChoice"),
    ),
    Category(
        "cases",
        "Orientation et accompagnement",
        "demande, situation, besoins et droits, bilan, actions prévues, essais de contact, suites et issue ; identités d’avant correction",
        False,
        (
            *_in("beneficiaries", "Correction"),
            *_in("cases", "Case Lineage Participation Following Freeze"),
            *_in(
                "referrals",
                "Advice Assessment BulkHandOver ContactAttempt Crossing Draft Forwarding HandedCase PaperForm Pause PlannedAction"
                " Referral Renunciation RightFollowed",
            ),
        ),
    ),
    Category(
        "rights",
        "Dossiers de droits et leurs pièces",
        "droit demandé, pièces du dossier, instruction, décision, délais",
        False,
        _in(
            "rights",
            "Application ApplicationEvent ApplicationImport ApplicationImportPart ImportedLine Piece PieceRequest Preparation"
            " PreparedPiece Sample",
        ),
    ),
    Category(
        "maternity",
        "Retour à domicile après une naissance (PRADO)",
        "maternité, proposition faite, adhésion ou refus, sortie, visites",
        False,
        _in("referrals", "Enrolment EnrolmentCorrection"),
    ),
    Category(
        "appointments",
        "Rendez-vous et permanences",
        "jour, heure et lieu d’un rendez-vous, s’il a été tenu",
        False,
        _in("secondments", "Appointment Secondment"),
    ),
    Category(
        "exchanges",
        "Messages et documents d’un dossier",
        "messages entre les organismes d’un dossier, questions à un référent, documents joints et leurs noms",
        False,
        (
            *_in("exchange", "Message Seen"),
            *_in("documents", "Document"),
            *_in("referrals", "CaseQuestion"),
            *_in("conventions", "Solicitation"),
        ),
    ),
    Category(
        "accounts",
        "Comptes, connexion et messages de service",
        "nom, adresse électronique, empreinte du mot de passe, seconds facteurs, sessions, invitations, préférences, envois",
        True,
        (
            *_in("organisations", "User Invitation"),
            *_in("credentials", "Factor Identity OpenSession"),
            *_in("notifications", "Mailing Message Said"),
            *_in("conventions", "CalendarFeed"),
            *_in("referrals", "SavedView AlertDays"),
        ),
    ),
    Category(
        "team",
        "Équipe : rôles, engagements, formations, absences",
        "rôles et leurs dates, engagement de confidentialité, formations suivies, absences et remplacements",
        True,
        (
            *_in("organisations", "Membership Undertaking Training Absence"),
            *_in("training", "Attendee Module Presence Registration Session SignOff"),
        ),
    ),
    Category(
        "journal",
        "Journal des accès et lectures inhabituelles",
        "qui a lu ou changé quoi et quand, par références ; nombre de dossiers ouverts en un jour",
        True,
        (*_in("audit", "Entry"), *_in("cases", "Alert Threshold")),
    ),
    Category(
        "directory",
        "Annuaire des organismes",
        "qui a assuré qu’une fiche, une boîte ou une offre est à jour, qui a déposé un fichier",
        True,
        _in("organisations", "Organisation Mailbox Offer DirectoryImport"),
    ),
    Category(
        "cdr",
        "Accès à la consultation des droits (CDR)",
        "habilitations et consultations, par professionnel",
        True,
        _in("organisations", "CdrAccess CdrConsultation"),
    ),
    Category(
        "conventions",
        "Rédaction, signature et suivi des conventions",
        "référents et leurs coordonnées professionnelles, qualité des signataires, auteurs des textes, comptes rendus, chiffres et actions",
        True,
        (
            *_in(
                "conventions",
                "Amendment CommitmentEvidence DeploymentReason Event FlowAcceptance ObligationMark Referent Signature TermsVersion",
            ),
            *_in("exchange", "Note"),
            *_in("indicators", "Campaign YearAnswer YearSheet"),
            *_in(
                "steering",
                "CreditEnvelope CreditFigure Decision LocalAction Meeting Minutes Pack Proposal ProvisionActual ProvisionTriangle"
                " RegulationMeasure Remark SheetEntry Validation",
            ),
            *_in("catalogue", "StockMovement Support SupportVersion"),
        ),
    ),
    Category(
        "protection",
        "Protection des données : violations, demandes des personnes, autorisations, analyses d’impact, destructions",
        "dossiers touchés par une violation et comptes qui les ont lus ; qui demande quoi sur ses données ; qui a agi",
        True,
        _in(
            "protection",
            "Assessment AssessmentContribution"
            " Breach BreachDecision BreachEntry BreachExtent BreachNotice BreachReach CaseDuration Destruction RecordVersion"
            " Rectification RequestFile"
            " RequestPart RightOutcome RightsRequest TransferAnswer TransferRequest TransferWithdrawal",
        ),
    ),
)


def held(category: Category, declared: Mapping[str, Mapping[str, Declaration]]) -> Held:
    """What the registry says of the models of a category, nothing typed again."""
    found = [
        one
        for model in category.models
        for _, one in sorted(declared.get(model, {}).items())
        if isinstance(one, Personal)
    ]
    return Held(
        category,
        tuple(SUBJECTS[one] for one in Subject if any(field.subject is one for field in found)),
        tuple(dict.fromkeys(ACTED if one.kept == _OF_AN_ACT else one.why for one in found)),
        tuple(dict.fromkeys(one.kept for one in found)),
        tuple(dict.fromkeys(one.destroyed for one in found)),
        tuple(FORMS[one] for one in Form if any(field.form is one for field in found)),
    )


def uncategorised(declared: Mapping[str, Mapping[str, Declaration]]) -> list[str]:
    """Models with a personal field that are in no category, or in two; models named that hold none."""
    personal = {
        label
        for label, fields in declared.items()
        if any(isinstance(one, Personal) for one in fields.values())
    }
    named = [model for category in CATEGORIES for model in category.models]
    return sorted(
        {label for label in personal if named.count(label) != 1}
        | {label for label in named if label not in personal}
    )
