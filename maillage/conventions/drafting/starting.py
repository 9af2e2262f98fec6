"""Where a draft may start from: the templates of the library, and the local templates that frameworks carry."""

from dataclasses import dataclass
from uuid import UUID

from maillage.conventions import library
from maillage.conventions.lifecycle.models import Convention, TermsVersion
from maillage.conventions.lifecycle.queries import visible_to
from maillage.conventions.terms import Blank, Terms, terms_from_data
from maillage.conventions.terms.identity import Level
from maillage.organisations.kinds import BodyKind
from maillage.organisations.member import Member


@dataclass(frozen=True, slots=True)
class Starting:
    """One way to start. `name` is that of the library's file, `framework` the convention that carries the template."""

    title: str
    parties: tuple[tuple[str, str], ...]
    name: str = ""
    framework: UUID | None = None
    framework_title: str = ""


def starting_points(member: Member) -> tuple[Starting, ...]:
    """What the member may draw a draft from: every template of the library, then her frameworks' own."""
    found = [
        Starting(template_of(terms).title, party_labels(template_of(terms)), name=name)
        for name in library.names()
        if carries_template(terms := library.load(name))
    ]
    for framework in visible_to(member).filter(level=Level.NATIONAL_FRAMEWORK).order_by("sort_title", "id"):
        model = local_template(framework)
        if model is not None:
            found.append(
                Starting(
                    model.title, party_labels(model), framework=framework.id, framework_title=framework.title
                )
            )
    return tuple(found)


def carries_template(terms: Terms) -> bool:
    """Whether a draft may be drawn from this text."""
    return terms.level is Level.TEMPLATE or terms.local_template is not None


def template_of(terms: Terms) -> Terms:
    """The template itself, or the one that a framework carries."""
    return terms.local_template or terms


def local_template(framework: Convention) -> Terms | None:
    """The template that a framework carries for the conventions concluded under it, in its newest text."""
    version = TermsVersion.objects.filter(convention=framework).order_by("-number").first()
    return terms_from_data(version.terms).local_template if version else None


def party_labels(terms: Terms) -> tuple[tuple[str, str], ...]:
    """Each party's key with the words that name it while its body is not chosen."""
    return tuple((party.key, label_of(party.key, terms)) for party in terms.parties)


def label_of(key: str, terms: Terms) -> str:
    """The party's short name, its name, its kind of body, or the question that its name answers."""
    party = next(one for one in terms.parties if one.key == key)
    if party.short_name:
        return party.short_name
    if not isinstance(party.name, Blank):
        return party.name
    return party.name.asked if isinstance(party.kind, Blank) else BodyKind(party.kind.value).label
