"""Lists over large tables: how many queries, how much CPU against the bare driver, how much more than over 10 000 rows."""

import json
import time
from collections.abc import Callable
from uuid import UUID

from django.test import Client

from benchmarks.database import Bench
from benchmarks.measure import Line, cpu, replay, statements_of
from maillage.conventions.lifecycle.models import TermsVersion
from maillage.conventions.terms import Terms
from maillage.organisations.models import User

RUNS = 7
ROUNDS = 8
SMALL = 10_000
REFERENTE = "referente@cpam.example.org"


def _page(address: str, url: str, at_least: int) -> Callable[[], None]:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(email=address))

    def get() -> None:
        answer = client.get(url)
        assert answer.status_code == 200, answer.status_code
        assert answer.content.count(b"<tr") > at_least, "la page ne montre pas la liste attendue"

    return get


def lines(
    bench: Bench, *, name: str, url: str, address: str, shown: int, large: str, small: str
) -> list[Line]:
    """Three figures for one page, over the large and the small database: the lowest medians of the rounds."""
    taken: dict[str, list[tuple[float, float]]] = {small: [], large: []}
    queries = 0
    for database in (small, large) * ROUNDS:  # by turns: others share the processor of a virtual machine
        bench.point_at(database)
        get = _page(address, url, shown)
        get()
        statements = statements_of(get)
        queries = max(queries, len(statements))
        bare = replay(bench.urls(database).app, statements)
        taken[database].append((cpu(get, runs=RUNS), cpu(bare, runs=RUNS)))
    page, raw = (min(column) for column in zip(*taken[large], strict=True))
    among_few = min(paged for paged, _ in taken[small])
    detail = f"{page * 1000:.1f} ms de CPU contre {raw * 1000:.2f} ms"
    return [
        Line(f"{name} : requêtes", float(queries), 8.0, "below"),
        Line(f"{name} : CPU / psycopg nu", page / raw, 60.0, "below", detail),
        Line(f"{name} : grande table / {SMALL} lignes", page / among_few, 1.2, "below"),
    ]


def texts_lines(count: int) -> list[Line]:
    """A page that reads every text, against what parsing each of them anew would take by itself."""
    get = _page(REFERENTE, "/conventions/calendrier/", 20)
    texts = list(TermsVersion.objects.using("owner").values_list("terms", flat=True)[:20])
    written = [json.dumps(text) for text in texts]
    parsing = cpu(lambda: [Terms.model_validate_json(one, strict=True) for one in written], runs=5)
    page = cpu(get, runs=5)
    ratio = page / (parsing * count / len(written))
    detail = f"{page * 1000:.0f} ms de CPU"
    return [Line(f"calendrier de {count} conventions / lecture de leurs textes", ratio, 0.6, "below", detail)]


def elapsed(act: Callable[[], object]) -> float:
    """Seconds on the clock for one call."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def organisation_of(address: str) -> UUID:
    """The only organisation of someone of the demonstration."""
    return User.objects.using("owner").get(email=address).memberships.using("owner").first().organisation_id  # type: ignore[union-attr]
