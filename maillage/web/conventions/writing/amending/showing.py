"""An avenant as its pages show it: each change with what stood before and what stands after, and who has signed."""

from dataclasses import replace
from typing import Any, Final

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst

from maillage.conventions.amendments.models import Amendment
from maillage.conventions.amendments.states import AmendmentState
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.signatures.queries import signing_here
from maillage.conventions.terms import Terms, TermsError, value_at
from maillage.conventions.terms.consolidation import consolidate
from maillage.conventions.terms.editing import Change
from maillage.web.conventions.reading.values import Names, names_of, shown
from maillage.web.conventions.writing.amending import clauses
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member

OPERATIONS: Final = {"replace": "Changer", "add": "Ajouter", "remove": "Retirer"}


def described(request: MemberRequest, known: LoadedConvention, row: Amendment) -> dict[str, Any]:
    """An avenant as its pages show it: each change, before and after, and who has signed."""
    before = _before(known, row)
    signed = {one.party_key for one in row.signatures.filter(voided_at=None)}
    state = AmendmentState(row.state)
    left = [party for party in known.signatories if party.key not in signed]
    mine = acting_member(request).organisation
    here = signing_here(known) if left else frozenset()
    return {
        "amendment": row,
        "title": f"Avenant n° {row.number}",
        "state": capfirst(state.label),
        "is_draft": state is AmendmentState.DRAFT,
        "is_signable": state in {AmendmentState.PROPOSED, AmendmentState.PARTLY_SIGNED},
        "changes": _changes(known, row, before),
        "clauses_url": with_query("amendment_clauses", known, row),
        "short_hash": row.content_hash[:12],
        "awaited": [
            (party.key, party.short_name, party.organisation == mine)
            for party in left
            if party.organisation == mine or party.key not in here
        ],
        "asked": [party.short_name for party in left if party.organisation != mine and party.key in here],
        "signed": [party.short_name for party in known.signatories if party.key in signed],
    }


def _changes(known: LoadedConvention, row: Amendment, before: Terms) -> list[dict[str, Any]]:
    found = []
    text = before
    for number, one in enumerate(row.changes):
        try:
            after = consolidate(text, Change.model_validate(one))
        except TermsError:
            after = text
        names = names_in(known, after)
        added = one["operation"] == "add"
        found.append(
            {
                "number": number,
                "place": typeset(clauses.place(one, after if added else text)),
                "operation": OPERATIONS[one["operation"]],
                "before": "" if added else said(text, one["path"], names),
                "after": "" if one["operation"] == "remove" else _after(one, after, names),
            }
        )
        text = after
    return found


def _after(one: dict[str, Any], after: Terms, names: Names) -> str:
    if one["operation"] != "add":
        return said(after, one["path"], names)
    value = value_at(after, one["path"])
    return shown(value[-1], names) if isinstance(value, tuple) and value else ""


def _before(known: LoadedConvention, row: Amendment) -> Terms:
    """The text that the avenant changes: that of its day, without it."""
    earlier = [one for one in known.avenants if one.number != row.number and one.effect <= row.effect_on]
    try:
        return _without(known, row).terms(row.effect_on)
    except TermsError:
        return consolidate(known.base, *(change for one in earlier for change in one.changes))


def _without(known: LoadedConvention, row: Amendment) -> LoadedConvention:
    return replace(known, avenants=tuple(one for one in known.avenants if one.number != row.number))


def names_in(known: LoadedConvention, text: Terms) -> Names:
    """The names of the parties and of what the text names."""
    return names_of(text, {party.key: party.short_name for party in known.signatories})


def said(text: Terms, path: str, names: Names) -> str:
    """What stands at a place of the text, in words; nothing where there is none."""
    try:
        return shown(value_at(text, path), names, path.rpartition(".")[2])
    except TermsError:
        return ""


def with_query(name: str, known: LoadedConvention, row: Amendment | None, **query: str) -> str:
    """The address of a page of clauses, the avenant that it changes named in it."""
    asked = {**query, **({"avenant": str(row.pk)} if row else {})}
    url = reverse(f"conventions:{name}", args=[known.id])
    return f"{url}?{urlencode(asked)}" if asked else url
