"""The smallest convention that holds, as plain data, and strategies that vary it."""

import copy
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from maillage.conventions.terms import Terms, terms_from_data
from maillage.conventions.terms.base import FORBIDDEN

steady = settings(suppress_health_check=[HealthCheck.too_slow])
"""For the property tests: a busy machine is no failure. As many examples as elsewhere, and as many more when all is asked for."""

SMALLEST: dict[str, Any] = {
    "schema_version": 1,
    "id": "essai",
    "title": "Convention d'essai",
    "level": "local",
    "objectives": [{"key": "but", "article": "1", "text": "Se parler"}],
    "parties": [
        {"key": "cpam", "article": "en-tête", "name": "CPAM d'essai", "kind": "cpam"},
        {"key": "ccas", "article": "en-tête", "name": "CCAS d'essai", "kind": "ccas"},
    ],
    "services": [{"key": "misas", "article": "3", "label": "Accompagnement"}],
    "flows": [
        {
            "key": "orientation",
            "article": "3",
            "label": "Orientation",
            "sender": "ccas",
            "recipient": "cpam",
            "service": "misas",
            "data": "nominative",
            "channels": [{"kind": "platform"}],
        }
    ],
    "term": {"article": "9.1", "starts": "last_signature", "lasts": "1y"},
    "renewal": {"article": "9.2", "mode": "tacit"},
    "exits": [{"kind": "formal_notice", "article": "9.4", "cure": "15d", "counted_from": "sending"}],
    "amendment": {"article": "9.3", "signed_by": "all_parties", "untouchable": ["objectives"]},
}


def data(**changes: Any) -> dict[str, Any]:
    """The smallest convention's data, with top fields replaced; `None` takes a field away."""
    built = copy.deepcopy(SMALLEST) | changes
    return {name: value for name, value in built.items() if value is not None}


def terms(**changes: Any) -> Terms:
    """The smallest convention, with top fields replaced."""
    return terms_from_data(data(**changes))


def blank(key: str = "inconnu", **more: Any) -> dict[str, Any]:
    """A blank, as plain data."""
    return {"blank": key, "asked": "Valeur à donner", "why": "template", **more}


texts = st.text(
    st.characters(
        exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp"), exclude_characters=sorted(FORBIDDEN)
    ),
    max_size=30,
).map(lambda text: f"{text}.")
keys = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True).filter(lambda key: key != "person")
periods = st.from_regex(r"[1-9][0-9]?(d|m|y|wd|h)", fullmatch=True)


def fillable(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, or the blank that stands for it."""
    return values | st.builds(blank, keys)


@st.composite
def conventions(draw: st.DrawFn) -> dict[str, Any]:
    """Data of conventions that hold, of every shape that the schema knows."""
    names = draw(st.lists(keys, min_size=2, max_size=5, unique=True))
    parties = [
        {
            "key": key,
            "article": draw(texts),
            "name": draw(fillable(texts)),
            "kind": draw(fillable(st.just("caf"))),
        }
        for key in names
    ]
    flows = [
        {
            "key": key,
            "article": draw(texts),
            "label": draw(texts),
            "sender": names[0],
            "recipient": draw(st.sampled_from([*names[1:], "person"])),
            "data": draw(st.sampled_from(["nominative", "aggregate", "none"])),
            "optional": draw(st.booleans()),
            "channels": draw(fillable(st.lists(st.just({"kind": "paper"}), max_size=2))),
        }
        for key in draw(st.lists(keys, max_size=4, unique=True))
    ]
    commitments = [
        {
            "key": key,
            "article": draw(texts),
            "what": draw(texts),
            "debtors": [draw(st.sampled_from(names))],
            "kind": "contact",
            "cadence": {"rhythm": "on_event", "event": draw(texts), "within": draw(fillable(periods))},
            "note": draw(st.none() | texts),
        }
        for key in draw(st.lists(keys, max_size=4, unique=True))
    ]
    return data(
        title=draw(texts),
        place=draw(st.none() | fillable(texts)),
        parties=parties,
        services=None,
        flows=flows,
        commitments=commitments,
        objectives=[
            {"key": key, "article": "1", "text": draw(texts)} for key in draw(st.lists(keys, unique=True))
        ],
    )
