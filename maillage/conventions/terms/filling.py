"""Writing a convention from a template: fill its blanks, choose or drop what it leaves to the parties."""

import datetime as dt
from typing import Any

from pydantic import BaseModel

from maillage.conventions.terms.base import OptionalClause
from maillage.conventions.terms.blanks import Blank, Expectation
from maillage.conventions.terms.editing import Change, Operation, apply, at, refused, steps_of, value_at
from maillage.conventions.terms.identity import Level, Relation, RelationKind
from maillage.conventions.terms.loading import content_hash, terms_data, terms_from_data
from maillage.conventions.terms.paths import key_of
from maillage.conventions.terms.terms import Terms
from maillage.core.calendar import Period


def fill(terms: Terms, path: str, value: Any) -> Terms:
    """The Terms with `value` in place of the blank at `path`.

    `value` is plain data, as in a file, or models, dates and periods. Raises `TermsError` when there is no blank there,
    when the value is not of the blank's type, or is none of those that the text proposes for a choice.
    """
    blank = value_at(terms, path)
    if not isinstance(blank, Blank):
        raise refused(path, "un blanc à remplir ; la valeur est déjà donnée")
    plain = _plain(value, path)
    if blank.expects is Expectation.CHOICE and blank.among and plain not in blank.among:
        raise refused(path, f"l'une des valeurs {', '.join(blank.among)}")
    data = terms_data(terms)
    apply(data, Change(operation=Operation.REPLACE, path=path, value=plain))
    return terms_from_data(data, terms.id)


def choose(terms: Terms, path: str) -> Terms:
    """The Terms with the optional clause at `path` chosen; the others of its option group are dropped.

    Raises `TermsError` when the clause is not optional.
    """
    clause = _optional(terms, path)
    data = terms_data(terms)
    steps = steps_of(path)
    at(data, steps)["chosen"] = True
    if clause.option_group is not None:
        siblings = at(data, steps[:-1])
        for one in [one for one in siblings if one.get("option_group") == clause.option_group]:
            if one["key"] != clause.key:
                _remove(data, str(steps[-2]), one)
    return terms_from_data(data, terms.id)


def drop(terms: Terms, path: str) -> Terms:
    """The Terms without the optional clause at `path`, nor what only existed for it.

    A dropped service leaves the commitments that name others, takes along the optional clauses that name it alone and
    the flows that serve it; a dropped flow leaves the regimes that covered it. Raises `TermsError` when the
    clause is not optional, or when something that is not optional needs it.
    """
    _optional(terms, path)
    data = terms_data(terms)
    steps = steps_of(path)
    _remove(data, str(steps[-2]), at(data, steps))
    return terms_from_data(data, terms.id)


def draw(template: Terms, *, id: str, title: str | None = None, place: str | None = None) -> Terms:  # noqa: A002 - the field's own name
    """A local draft drawn from a template, or from the local template that a framework carries.

    It keeps the blanks and options of the template, and a relation to it with the hash of what it was drawn from.
    Raises `TermsError` when there is no template there.
    """
    model = template.local_template or template
    if model.level is not Level.TEMPLATE:
        raise refused("level", "un modèle, ou un cadre qui porte un modèle local")
    data = terms_data(model)
    data |= {"id": id, "title": title or model.title, "level": Level.LOCAL.value}
    if place is not None:
        data["place"] = place
    for field in ("source", "signatures"):
        data.pop(field, None)
    drawn = Relation(
        key="drawn_from",
        article="modèle",
        kind=RelationKind.DRAWN_FROM,
        name=model.title,
        target=model.id,
        reference=content_hash(model),
    )
    data.setdefault("relations", []).append(drawn.model_dump(mode="json", exclude_defaults=True))
    return terms_from_data(data, id)


def _plain(value: object, path: str) -> Any:
    """Models, dates and periods as a file would write them."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if isinstance(value, (list, tuple)):
        return [_plain(one, path) for one in value]
    if isinstance(value, dict):
        return {str(name): _plain(one, path) for name, one in value.items()}
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Period):
        return str(value)
    raise refused(path, "une valeur simple, comme dans un fichier")


def _optional(terms: Terms, path: str) -> OptionalClause:
    clause = value_at(terms, path)
    if not isinstance(clause, OptionalClause) or not clause.optional:
        raise refused(path, "une clause que le texte laisse au choix des parties")
    return clause


def _remove(data: dict[str, Any], name: str, element: dict[str, Any]) -> None:
    data[name].remove(element)
    key = key_of(element)
    if name == "services":
        _forget_service(data, key)
    elif name == "flows":
        _forget_flow(data, key)


def _forget_service(data: dict[str, Any], key: str | None) -> None:
    for name in ("commitments", "modules", "public"):
        for clause in list(data.get(name, [])):
            if key in clause.get("services", []):
                clause["services"].remove(key)
                # A public without a service left concerned that one alone: kept, it would concern all of them.
                if not clause["services"] and (clause.get("optional") or name == "public"):
                    data[name].remove(clause)
    for flow in list(data.get("flows", [])):
        if flow.get("service") == key and flow.get("optional"):
            _remove(data, "flows", flow)


def _forget_flow(data: dict[str, Any], key: str | None) -> None:
    for service in data.get("services", []):
        if service.get("secondment", {}).get("flow") == key:
            del service["secondment"]
    named = [regime.get("flows", []) for regime in data.get("protection", [])]
    named += [relation.get("replaces_for", []) for relation in data.get("relations", [])]
    for keys in named:
        if key in keys:
            keys.remove(key)
