"""What the probes expect, written by hand: the application's policies are judged by these tables, never consulted.

A new address that takes an argument fails until its argument is named here.
"""

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
        "relation",
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
# Only the party that holds the row may: the other parties read it elsewhere, and get 403 here.
HOLDER_ONLY = WRITING | {
    "conventions:referent_change",
    "conventions:referent_end",
    "conventions:referent_told",
    "conventions:referent_letter",
}
# Arguments that name nothing of anybody: one value that works everywhere, or one for an address.
VALUES: dict[str, str] = {
    "referrals:step slug": "personne",
    "conventions:step slug": "relecture",
    "conventions:fact slug": "bilan-precedent",
    "conventions:export kind": "yaml",
    "conventions:obligation key": "propriete_detention",
    "conventions:obligation verb": "cocher",
    "conventions:obligation_answer verb": "accorder",
    "number": "0",
    "key": "ccas",
    "name": "ccas_montbrison_2024",
    "token": "0123456789abcdef.forged",  # a real one is tried in test_reach.py
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
# Where a role has the permission and still is refused: by address and person, with the reason.
EXCEPTIONS: dict[tuple[str, str], int] = {}
# Anonymous pages whose address is a key: with a forged one they are unknown to everybody.
KEYED = {"conventions:feed"}
# Those who knock once more, as a fragment, with foreign ids elsewhere, and to compare foreign with unknown: between them
# they hold every permission and stand on both sides.
CURIOUS = (
    "social@villexemple.example.org",
    "referent@ccas.example.org",
    "conseil@cpam.example.org",
    "referente@cpam.example.org",
)
