"""Names that paper prints: parties, services, who answers for the data of a flow."""

from collections.abc import Mapping

from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.data_roles import ASKED_ROLES, roles_of
from maillage.conventions.terms.flows import Flow
from maillage.core.french import typeset
from maillage.documents.composition import Line, Run, blank, text


def names_of(terms: Terms) -> Mapping[str, str]:
    """The name of each party and third party; of one that is not filled in yet, its short name, else its key."""
    parties = {
        party.key: (party.short_name or party.key) if isinstance(party.name, Blank) else party.name
        for party in terms.parties
    }
    return parties | {third.key: third.name for third in terms.third_parties}


def source(terms: Terms, article: str) -> str:
    """Where it is written: the convention and the place in it; « annexe 2 » already says what it is."""
    return typeset(f"{terms.title}, {f'article {article}' if article[:1].isdigit() else article}")


def service_label(terms: Terms, flow: Flow) -> str:
    """The service of a flow as its text names it."""
    return next((one.label for one in terms.services if one.key == flow.service), flow.label)


def roles_line(terms: Terms, flow: Flow) -> Line:
    """Controllers and processors (GDPR 4, 26, 28): the flow's own clause, else its regime's; a blank is a place to fill."""
    found = roles_of(terms, flow)
    if isinstance(found, Blank):
        return blank(typeset("Responsable du traitement" if found.asked == ASKED_ROLES else found.asked))
    names = names_of(terms)
    said = " et ".join(names.get(key, key) for key in found.controllers)
    line = text(typeset(f"Responsable de vos données : {said}."))
    if found.processors:
        helped = " et ".join(names.get(key, key) for key in found.processors)
        line = (*line, Run(typeset(f" Pour son compte : {helped}.")))
    return line
