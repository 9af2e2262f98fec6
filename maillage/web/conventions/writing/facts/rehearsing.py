"""What an act would do, told before it is done: the act itself is played, read, and undone."""

from collections.abc import Callable

from django.db import transaction

from maillage.conventions.lifecycle.facts import Facts
from maillage.conventions.lifecycle.registered import exits_of
from maillage.conventions.lifecycle.states import State
from maillage.conventions.lifecycle.telling import Recorded
from maillage.core.calendar import DAY
from maillage.web.conventions.writing.facts.scene import Scene
from maillage.web.conventions.writing.forms import article_label
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
    said = [_becomes(each, doubtful=len(ways) > 1) for each in facts.each()]
    said += ways
    said += [
        f"{scene.names.of(left.party)} n’est plus engagé à partir du {long_date(left.effect)}."
        for left in facts.departures
    ]
    said += flags(played)
    return list(dict.fromkeys(typeset(one) for one in said))


def _ways_out(played: Recorded, scene: Scene) -> list[str]:
    """The effect of the way out that the fact uses, under each of its readings."""
    before = set(scene.base.facts.exits)
    used = {row.name for row in played.facts.exits if row not in before}
    texts = {
        (clause.name, variant.name): variant.text
        for clause in exits_of(scene.text)
        for variant in clause.variants
    }
    return [
        f"Si on lit « {texts.get((row.name, row.reading), row.reading)} » ({_articles(row.article)}) : "
        + (f"effet le {long_date(row.effect)}." if row.effect else "sans effet à ce jour.")
        for row in played.facts.exits
        if row.name in used and row.reading
    ]


def flags(recorded: Recorded) -> list[str]:
    """What must be known of the fact, each with its article: « hors de la fenêtre… sans effet (article 9) »."""
    articles = {
        remark.text: remark.article
        for each in (recorded.facts, *recorded.facts.each())
        for remark in each.warnings
    }
    return [
        f"{text.rstrip('.')} ({article_label(articles[text])})." if articles.get(text) else text
        for text in recorded.flags
    ]


def _becomes(each: Facts, *, doubtful: bool) -> str:
    before = (
        f"Si on lit « {each.reading_text or each.reading} » ({_articles(each.article)}) : "
        if each.reading
        else ""
    )
    if each.state is State.ENDED:
        since = f" depuis le {long_date(each.out_from)}" if each.out_from else ""
        return f"{before}la convention est terminée{since} : plus aucune orientation ne part."
    if each.out_from:
        last, first = long_date(each.out_from - DAY), long_date(each.out_from)
        earliest = "au plus tôt, " if doubtful else ""
        said = f"{earliest}dernier jour en vigueur le {last} ; à partir du {first}, plus aucune orientation ne part."
        return before + (said if before else said[:1].upper() + said[1:])
    return f"{before}la convention reste en vigueur." if before else "La convention reste en vigueur."


def _articles(article: str) -> str:
    return article_label(article) if article else "texte"
