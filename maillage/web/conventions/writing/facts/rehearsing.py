"""What an act would do, told before it is done: the act itself is played, read, and undone."""

from collections.abc import Callable

from django.db import transaction

from maillage.conventions.lifecycle.facts import Facts, Outlook
from maillage.conventions.lifecycle.registered import exits_of
from maillage.conventions.lifecycle.states import State
from maillage.conventions.lifecycle.telling import Recorded
from maillage.conventions.terms.base import article_named
from maillage.core.calendar import DAY
from maillage.web.conventions.writing.facts.scene import Scene
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.typography import typeset


def rehearsed(act: Callable[[], Recorded]) -> Recorded:
    """The result of the act, of which nothing stays. Raises what the act raises."""
    with transaction.atomic():
        played = act()
        transaction.set_rollback(True)
    return played


def consequences(played: Recorded, scene: Scene) -> list[str]:
    """What the convention becomes, under each reading, with the articles; then what must be known of it."""
    facts = played.facts
    ways = _ways_out(played, scene)
    if facts.outlooks:
        said = [_follows(one, ways.pop(one.reading_text, ""), scene) for one in facts.outlooks]
    else:
        said = [_becomes(each) for each in facts.each()]
    said += [f"{_if_read(text, article)}{effect}." for text, (article, effect) in ways.items()]
    said += [
        f"{scene.names.of(left.party)} n’est plus engagé à partir du {long_date(left.effect)}."
        for left in facts.departures
    ]
    said += flags(played)
    return list(dict.fromkeys(typeset(one) for one in said))


def _ways_out(played: Recorded, scene: Scene) -> dict[str, tuple[str, str]]:
    """The effect of the way out that the fact uses, by the words of each of its readings, with its article."""
    before = set(scene.base.facts.exits)
    used = {row.name for row in played.facts.exits if row not in before}
    texts = {
        (clause.name, variant.name): variant.text
        for clause in exits_of(scene.text)
        for variant in clause.variants
    }
    return {
        texts.get((row.name, row.reading), row.reading): (
            row.article,
            f"effet le {long_date(row.effect)}" if row.effect else "sans effet à ce jour",
        )
        for row in played.facts.exits
        if row.name in used and row.reading
    }


def flags(recorded: Recorded) -> list[str]:
    """What must be known of the fact, each with its article: « hors de la fenêtre… sans effet (article 9) »."""
    articles = {
        remark.text: remark.article
        for each in (recorded.facts, *recorded.facts.each())
        for remark in each.warnings
    }
    return [
        f"{text.rstrip('.')} ({article_named(articles[text])})." if articles.get(text) else text
        for text in recorded.flags
    ]


def _follows(one: Outlook, way: tuple[str, str] | str, scene: Scene) -> str:
    """What the fact makes of the convention under one reading."""
    effect = f"{way[1]} ; " if way else ""
    if one.out is not None:
        last = long_date(one.out - DAY)
        past = one.out <= scene.on
        said = (
            f"la convention a pris fin, dernier jour le {last}"
            if past
            else f"dernier jour en vigueur le {last}"
        )
    elif one.renews is not None:
        said = f"la convention se renouvelle le {long_date(one.renews)}"
    else:
        said = "la convention reste en vigueur, sans fin connue"
    return f"{_if_read(one.reading_text, one.article)}{effect}{said}."


def _if_read(text: str, article: str) -> str:
    return f"Si on lit « {text} » ({_articles(article)}) : "


def _becomes(each: Facts) -> str:
    before = _if_read(each.reading_text or each.reading, each.article) if each.reading else ""
    if each.state is State.ENDED:
        since = f" depuis le {long_date(each.out_from)}" if each.out_from else ""
        said = f"la convention est terminée{since} : plus aucune orientation ne part."
    elif each.out_from:
        last, first = long_date(each.out_from - DAY), long_date(each.out_from)
        said = f"dernier jour en vigueur le {last} ; à partir du {first}, plus aucune orientation ne part."
    else:
        said = "la convention reste en vigueur."
    return before + said if before else said[:1].upper() + said[1:]


def _articles(article: str) -> str:
    return article_named(article) if article else "texte"
