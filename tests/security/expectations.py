"""What the probes expect, written by hand: the application's policies are judged by these tables, never consulted.

A new address fails until its rule is written here, and the argument that it takes is named here.
"""

from tests.days import today
from tests.security import expectations_bilan as bilan
from tests.security import expectations_commitments as commitments
from tests.security import expectations_deployment as deployment
from tests.security import expectations_protection as protection
from tests.security import expectations_rights as rights
from tests.security import expectations_secondments as secondments
from tests.security import expectations_supports as supports
from tests.security import expectations_training as training
from tests.security.worlds import (
    DIRECTORY,
    JOURNAL,
    MANAGE,
    PERSONAS,
    READ,
    ROLES_OF_DATA,
    SEE,
    SEND,
    SIGN,
    WORK,
    WRITE,
)

EVERYBODY_BUT_HOSPITALS = tuple(
    persona.address for persona in PERSONAS if persona.works_at not in ("CH d’Exemple", "")
)

# Who may open an address, and with which methods: a permission, whoever works here, or anybody.
# At the door: whoever has signed in, even if nothing lets her act yet.
MEMBER, ANYBODY, DOOR = "member", "anybody", "door"
RULES: dict[str, tuple[str, str]] = {
    "home": (MEMBER, "GET"),
    "switch": (MEMBER, "POST"),
    "password": (DOOR, "GET POST"),
    "confirm": (DOOR, "GET POST"),
    "factors": (DOOR, "GET POST"),
    "factor_application": (DOOR, "GET POST"),
    "factor_key": (DOOR, "GET POST"),
    "recovery_codes": (DOOR, "GET POST"),
    "sessions": (DOOR, "GET POST"),
    "glossary": (ANYBODY, "GET"),
    "privacy": (ANYBODY, "GET"),
    "entry": (DOOR, "GET POST"),
    "entry_training": (DOOR, "POST"),
    "invitation": (ANYBODY, "GET POST"),
    "roles": (ANYBODY, "GET"),
    "emails": (MEMBER, "GET POST"),
    "my_absence": (MEMBER, "GET POST"),
    "people:absence": (MANAGE, "GET POST"),
    "people:cancel_absence": (MEMBER, "POST"),
    "people:cdr": (JOURNAL, "GET"),
    "people:cdr_export": (JOURNAL, "GET"),
    "people:cdr_grant": (MANAGE, "GET POST"),
    "people:cdr_consult": (MEMBER, "GET POST"),
    "people:cdr_revoke": (MANAGE, "GET POST"),
    "people:departure": (MANAGE, "GET POST"),
    "people:hand_over": (MANAGE, "POST"),
    "people:hand_cases": (MANAGE, "GET POST"),
    "people:undo_hand": (MANAGE, "POST"),
    "people:members": (MANAGE, "GET"),
    "people:invite": (MANAGE, "GET POST"),
    "people:invite_again": (MANAGE, "POST"),
    "people:revoke_invitation": (MANAGE, "POST"),
    "people:end_role": (MANAGE, "GET POST"),
    "people:person": (MANAGE, "GET"),
    "people:give_role": (MANAGE, "GET POST"),
    "people:training": (MANAGE, "GET POST"),
    "directory:list": (MEMBER, "GET"),
    "directory:communes": (MEMBER, "GET"),
    "directory:place": (MEMBER, "GET"),
    "directory:organisation": (MEMBER, "GET"),
    "directory:sheet": (MANAGE, "GET POST"),
    "directory:assure": (MANAGE, "POST"),
    "directory:close_own": (MANAGE, "GET POST"),
    "directory:offer_new": (MANAGE, "GET POST"),
    "directory:offer": (MANAGE, "GET POST"),
    "directory:offer_withdraw": (MANAGE, "POST"),
    "directory:mailbox_new": (MANAGE, "GET POST"),
    "directory:mailbox": (MANAGE, "GET POST"),
    "directory:mailbox_withdraw": (MANAGE, "POST"),
    "directory:open": (DIRECTORY, "GET POST"),
    "directory:close": (DIRECTORY, "GET POST"),
    "directory:reopen": (DIRECTORY, "GET POST"),
    "directory:imports": (DIRECTORY, "GET POST"),
    "directory:import": (DIRECTORY, "GET"),
    "directory:import_progress": (DIRECTORY, "GET"),
    "directory:import_confirm": (DIRECTORY, "POST"),
    "directory:import_abandon": (DIRECTORY, "POST"),
    "directory:import_report": (DIRECTORY, "GET"),
    "directory:import_workbook": (DIRECTORY, "GET"),
    "conventions:new": (WRITE, "GET POST"),
    "conventions:import": (WRITE, "GET POST"),
    "conventions:write": (WRITE, "GET"),
    "conventions:body": (WRITE, "GET POST"),
    "conventions:step": (WRITE, "GET POST"),
    "conventions:export": (READ, "GET"),
    "conventions:propose": (WRITE, "POST"),
    "conventions:take_back": (WRITE, "POST"),
    "conventions:discard": (WRITE, "GET POST"),
    "conventions:sign": (SIGN, "GET POST"),
    "conventions:sign_absent": (SIGN, "GET POST"),
    "conventions:record": (WRITE, "GET"),
    "conventions:retain": (WRITE, "GET POST"),
    "conventions:letters": (WRITE, "GET"),
    "conventions:letter": (WRITE, "GET POST"),
    "conventions:letter_pdf": (WRITE, "GET"),
    "conventions:fact": (WRITE, "GET POST"),
    "conventions:blanks": (ROLES_OF_DATA, "GET"),
    "conventions:fill": (ROLES_OF_DATA, "GET POST"),
    "conventions:decide": (WRITE, "GET POST"),
    "conventions:referents": (WRITE, "GET"),
    "conventions:referent_add": (WRITE, "GET POST"),
    "conventions:referent_change": (WRITE, "GET POST"),
    "conventions:referent_end": (WRITE, "GET POST"),
    "conventions:referent_told": (WRITE, "GET POST"),
    "conventions:referent_plan": (WRITE, "GET POST"),
    "conventions:referent_training_withdraw": (WRITE, "POST"),
    "conventions:referent_train": (WRITE, "GET POST"),
    "conventions:referent_letter": (WRITE, "GET"),
    "conventions:solicitations": (READ, "GET"),
    "conventions:box": (READ, "GET POST"),
    "conventions:solicit": (WRITE, "GET POST"),
    "conventions:solicitation": (READ, "GET"),
    "conventions:solicitation_answer": (WRITE, "GET POST"),
    "conventions:solicitation_withdraw": (WRITE, "POST"),
    "conventions:solicitation_progress_withdraw": (SEE, "POST"),
    "conventions:solicitation_progress_answer": (WORK, "GET POST"),
    "conventions:thresholds": (WRITE, "GET POST"),
    "conventions:relations": (WRITE, "GET POST"),
    "conventions:relation_remove": (WRITE, "GET POST"),
    **bilan.PAGES,
    **commitments.PAGES,
    **deployment.PAGES,
    **training.PAGES,
    **protection.PAGES,
    "conventions:amendments": (WRITE, "GET"),
    "conventions:amendment_clauses": (WRITE, "GET"),
    "conventions:amendment_clause": (WRITE, "GET"),
    "conventions:amendment_change": (WRITE, "GET POST"),
    "conventions:amendment": (WRITE, "GET POST"),
    "conventions:amendment_withdraw": (WRITE, "POST"),
    "conventions:amendment_propose": (WRITE, "POST"),
    "conventions:amendment_abandon": (WRITE, "POST"),
    "conventions:amendment_sign": (SIGN, "GET POST"),
    "conventions:list": (READ, "GET"),
    "conventions:calendar": (READ, "GET"),
    "conventions:feed_address": (READ, "POST"),
    "conventions:feed": (ANYBODY, "GET"),
    "conventions:library": (READ, "GET"),
    "conventions:library_text": (READ, "GET"),
    "conventions:convention": (READ, "GET"),
    "conventions:text": (READ, "GET"),
    "conventions:difference": (READ, "GET"),
    "conventions:document": (READ, "GET"),
    "conventions:paper": (READ, "GET"),
    "conventions:adhesion": (READ, "GET"),
    "referrals:list": (SEE, "GET"),
    "referrals:find": (SEE, "GET POST"),
    "referrals:keep_view": (SEE, "GET POST"),
    "referrals:forget_view": (SEE, "POST"),
    "referrals:new": (SEND, "GET POST"),
    "referrals:send": (SEND, "POST"),
    "referrals:discard": (SEND, "POST"),
    "referrals:advise": (READ, "GET POST"),
    "referrals:guide": (READ, "POST"),
    "referrals:step": (SEND, "GET POST"),
    "referrals:case": (SEE, "GET"),
    "referrals:follow": (SEE, "POST"),
    "referrals:unfollow": (SEE, "POST"),
    "referrals:hand_over": (SEE, "GET POST"),
    "referrals:consult": (SEE, "GET POST"),
    "referrals:solicit": (SEE, "GET POST"),
    "referrals:acknowledge": (WORK, "POST"),
    "referrals:accept": (WORK, "POST"),
    "referrals:refuse": (WORK, "POST"),
    "referrals:redirect": (WORK, "GET POST"),
    "referrals:forward": (WORK, "GET POST"),
    "referrals:restart": (SEND, "POST"),
    "referrals:contact": (WORK, "POST"),
    "referrals:pause": (WORK, "POST"),
    "referrals:resume": (WORK, "POST"),
    "referrals:ask": (WORK, "POST"),
    "referrals:answer": (SEE, "POST"),
    "referrals:withdraw": (SEE, "POST"),
    "referrals:cancel": (SEE, "POST"),
    "referrals:revoke": (SEE, "POST"),
    "referrals:choose_progress": (SEE, "POST"),
    "referrals:strike": (WORK, "POST"),
    "referrals:take_back": (WORK, "POST"),
    "referrals:close": (WORK, "POST"),
    "referrals:settle": (WORK, "POST"),
    "referrals:assess": (WORK, "POST"),
    "referrals:plan": (WORK, "POST"),
    "referrals:end_action": (WORK, "POST"),
    "referrals:filled": (SEE, "GET"),
    "referrals:papers": (SEND, "GET POST"),
    "referrals:paper_key": (SEND, "POST"),
    "referrals:paper_drop": (SEND, "POST"),
    "referrals:enrolments": (WORK, "GET"),
    "referrals:enrol": (WORK, "GET POST"),
    "referrals:enrolment": (WORK, "GET"),
    "referrals:enrolment_note": (WORK, "POST"),
    "referrals:message": (SEE, "POST"),
    "referrals:messages_read": (SEE, "POST"),
    "referrals:attachment": (SEE, "GET"),
    **secondments.PAGES,
    **rights.PAGES,
    **supports.PAGES,
    "journal:journal": (JOURNAL, "GET"),
    "journal:export": (JOURNAL, "GET"),
    "journal:alerts": (JOURNAL, "GET"),
    "journal:alert": (JOURNAL, "GET POST"),
    "journal:threshold": (MANAGE, "GET POST"),
}

# Addresses that ask again who one is: always, or for these values of their `slug`.
FRESH: dict[str, bool | tuple[str, ...]] = {
    "password": True,
    "factors": True,
    "factor_application": True,
    "factor_key": True,
    "recovery_codes": True,
    "sessions": True,
    "conventions:sign": True,
    "conventions:sign_absent": True,
    "conventions:amendment_sign": True,
    "conventions:fact": ("denonciation",),
    "referrals:consult": True,
    "secondments:consult": True,
    "rights:consult": True,
    "people:invite": True,
    "people:give_role": True,
    "people:end_role": True,
    "people:departure": True,
    "people:hand_cases": True,
    "people:cdr_grant": True,
    "people:cdr_export": True,
    "journal:export": True,
    **protection.FRESH,
    "directory:close_own": True,
    "directory:open": True,
    "directory:close": True,
    "directory:reopen": True,
}
# Addresses that open before a given password is changed and a required second factor is in place.
MEANWHILE = {"password", "confirm", "factors", "factor_application", "factor_key", "recovery_codes"}

# Arguments that name an object -> its kind; `worlds.World.ids` holds one of each, `World.reached_by` says who opens it.
OBJECTS = {
    kind: kind
    for kind in (
        "convention",
        "case",
        "draft",
        "document",
        "event",
        "delivery",
        "referent",
        "amendment",
        "mark",
        "evidence",
        "campaign",
        "relation",
        "absence",
        "access",
        "invitation",
        "membership",
        "person",
        "organisation",
        "offer",
        "mailbox",
        "directory_import",
        "alert",
        "solicitation",
        "progress",
        "asked",
        "asked_progress",
        "question",
        "attempt",
        "action",
        "enrolment",
        "prado",
        "paper",
        "attachment",
        "training",
        "view",
        "bulk",
        *secondments.OBJECTS,
        *commitments.OBJECTS,
        *rights.OBJECTS,
        *supports.OBJECTS,
        *training.OBJECTS,
        *protection.OBJECTS,
    )
}
# Pages that write a text: tried on a draft. Whoever began it writes it; the other parties read it.
WRITING = {
    "conventions:write",
    "conventions:body",
    "conventions:step",
    "conventions:propose",
    "conventions:take_back",
    "conventions:discard",
}
# Whoever speaks for the sender may, never the party that received the case in that world.
SENDER_ONLY = {"referrals:answer", "referrals:withdraw", "referrals:cancel"} | commitments.OTHERS_ONLY
# Only the party that holds the row may: the other parties read it elsewhere, and get 403 here.
HOLDER_ONLY = (
    WRITING
    | bilan.HOLDER_ONLY
    | commitments.HOLDER_ONLY
    | rights.HOLDER_ONLY
    | secondments.HOLDER_ONLY
    | supports.HOLDER_ONLY
    | training.HOLDER_ONLY
    | {
        "conventions:referent_change",
        "conventions:referent_end",
        "conventions:referent_told",
        "conventions:referent_plan",
        "conventions:referent_training_withdraw",
        "conventions:referent_train",
        "conventions:referent_letter",
        "conventions:solicitation_answer",
        "conventions:solicitation_withdraw",
        "conventions:solicitation_progress_withdraw",
        "conventions:solicitation_progress_answer",
        "directory:offer",
        "directory:offer_withdraw",
        "directory:mailbox",
        "directory:mailbox_withdraw",
    }
)
# Arguments that name nothing of anybody: one value that works everywhere, or one for an address.
VALUES: dict[str, str] = {
    "referrals:step slug": "service",
    "referrals:enrolment_note slug": "visite",
    **bilan.VALUES,
    **commitments.VALUES,
    **deployment.VALUES,
    **rights.VALUES,
    **supports.VALUES,
    **protection.VALUES,
    "conventions:step slug": "relecture",
    "conventions:fact slug": "bilan-precedent",
    "conventions:export kind": "yaml",
    "conventions:paper flow": "orientation_misas",
    "conventions:paper kind": "information",
    "referrals:advise route": "flows.appel_ssam",
    "referrals:guide route": "flows.appel_ssam",
    "journal:export kind": "csv",
    "place": "42147",
    "number": "0",
    "key": "ccas",
    "name": "ccas_montbrison_2024",
    "token": "0123456789abcdef.forged",  # a real one is tried in test_reach.py
}
# Fields that take an id, by the pattern of their names -> the kinds of object that they may name.
FIELDS: dict[str, tuple[str, ...]] = {
    "authorisation": ("authorisation",),
    ".*_kept": ("document",),
    "target": ("convention",),
    "successor": ("convention",),
    "notice": ("event",),
    "relation": ("relation",),
    "token": (
        "event",
        "referent",
        "relation",
        "amendment",
        "draft",
        "convention",
        "offer",
        "mailbox",
        "solicitation",
        "progress",
        "question",
        "attempt",
        "bulk",
        "action",
        "enrolment",
        "paper",
        "message",
        "note",
        *secondments.OBJECTS,
        *commitments.MADE.values(),
        *rights.MADE.values(),
        *supports.MADE.values(),
        *training.MADE.values(),
        *protection.MADE.values(),
    ),
    "upto": ("message",),
    **commitments.FIELDS,
    **training.FIELDS,
    **protection.FIELDS,
    "adresse": ("feed",),
    "replaced_by|person": ("person",),
    "convention": ("convention",),
    "organisation": (),  # the directory is everybody's
    "maternity|recipient|instead": (),  # the same, and so is what was published
    "factor": (),  # one's own, and nobody else's by the policies: test_authentication.py
    "session": (),  # the same
    "agent": (),  # a colleague whose role receives people, and nobody else is taken
    "personne": (),  # a filter among one's own colleagues
    "to": (),  # a colleague: the directory of people is everybody's, and only colleagues are taken
}
# What the row is whose id is the `token` of a form: another world's id of that kind is tried in every form, those of the other
# kinds in one form at least, and in all by `make proof ONLY=S1`.
MADE: dict[str, str] = {
    "conventions:new": "convention",
    "conventions:import": "convention",
    "conventions:relations": "relation",
    "conventions:amendment_change": "amendment",
    "conventions:referent_add": "referent",
    "conventions:referent_change": "referent",
    "conventions:solicit": "solicitation",
    "conventions:box": "note",
    "directory:offer_new": "offer",
    "directory:offer": "offer",
    "directory:mailbox_new": "mailbox",
    "directory:mailbox": "mailbox",
    "referrals:new": "draft",
    "referrals:solicit": "progress",
    "referrals:ask": "question",
    "referrals:contact": "attempt",
    "referrals:plan": "action",
    "referrals:enrol": "enrolment",
    "referrals:papers": "paper",
    "referrals:message": "message",
    "people:hand_cases": "bulk",
    **commitments.MADE,
    **secondments.MADE,
    **rights.MADE,
    **supports.MADE,
    **training.MADE,
    **protection.MADE,
}  # the others write an event of a convention
# Forms that the probes fill well enough for the id to be used: with one's own id they are accepted.
REACHED = {
    ("conventions:amendment_change", "token"),
    ("conventions:fact", "document_kept"),
    ("conventions:fact", "relation"),
    ("conventions:fact", "token"),
    ("conventions:feed_address", "adresse"),
    ("conventions:new", "token"),
    *commitments.REACHED,
    ("referrals:new", "token"),
    ("referrals:step", "authorisation"),
}
# Addresses that take an id by POST without a page that shows the form.
FORMLESS: dict[str, dict[str, str]] = {
    "conventions:feed_address": {"adresse": ""},
    "referrals:plan": {"token": "", "kind": "other", "due_on": today().strftime("%d/%m/%Y")},
    "referrals:ask": {"token": "", "question": "Quelques mots"},
    "referrals:message": {"token": "", "text": "Quelques mots"},
    "referrals:messages_read": {"upto": ""},
    **rights.FORMLESS,
    "referrals:contact": {
        "token": "",
        "day": today().strftime("%d/%m/%Y"),
        "way": "call",
        "reached": "no",
    },
}
# Pages that show one thing named by a question: without it there is nothing to show.
QUERIES: dict[str, str] = {
    "conventions:fill": "?chemin=protection[detections].retention",
    "conventions:amendment_clause": "?chemin=obligations[propriete_detention]",
    "conventions:amendment_change": "?chemin=obligations[propriete_detention].what&operation=replace",
}
# Where those who may get something else than a page, with the reason.
OWN_ANSWERS: dict[str, str] = {
    "conventions:decide": "404",  # the text of the probes leaves no option open
}
# Ways that a party tells of the others' services, and so not of its own: the part that renders this one in both worlds.
OWN_SERVICE = {"referrals:advise": "carsat", "referrals:guide": "carsat"}
# Where a role has the permission and still is refused: by address and person, with the reason.
EXCEPTIONS: dict[tuple[str, str], int] = {
    # Only hospitals and health centres have a register of CDR: it is a page of nothing elsewhere.
    (address, person): 404
    for address in ("people:cdr", "people:cdr_export", "people:cdr_grant", "people:cdr_consult")
    for person in EVERYBODY_BUT_HOSPITALS
} | commitments.EXCEPTIONS
# Anonymous pages whose address is a key: with a forged one they are unknown to everybody.
KEYED = {"conventions:feed", "invitation", "support_code"}
# Those who knock once more, as a fragment, with foreign ids elsewhere, and to compare foreign with unknown: between them
# they hold every permission and stand on both sides.
CURIOUS = (
    "admin@cpam.example.org",
    "social@villexemple.example.org",
    "referent@ccas.example.org",
    "conseil@cpam.example.org",
    "referente@cpam.example.org",
)
