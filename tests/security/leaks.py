"""Where what is said of a person must not be: around a page, in files, in the log, in what the platform keeps and in a browser."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from maillage.core.row_security import acting
from tests.proof.canaries import hits, needles
from tests.security.answering import Answer
from tests.security.worlds import World, organisation

_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_LINKS = re.compile(r'(?:href|action|src|hx-\w+|data-[\w-]*(?:url|href))="([^"]*)"')
FILES = ("application/pdf", "application/vnd.", "application/zip", "application/octet-stream")
# Columns of ours and of the queue that no key protects: references only.
TABLES = {
    "audit_entry": "concat_ws(' ', user_id, verb, object_type, object_ref, fields, reason)",
    "notifications_message": "concat_ws(' ', once, kind, reference, path)",
    "procrastinate_jobs": "concat_ws(' ', task_name, queueing_lock, lock, args::text)",
}
# What a page can leave in a browser, read by a script of the page itself.
STORED = """async () => {
  const kept = [location.href, document.title, window.name, document.cookie, JSON.stringify(history.state)];
  for (const store of [localStorage, sessionStorage]) kept.push(JSON.stringify({...store}));
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) kept.push(request.url, await (await cache.match(request)).text());
  }
  for (const base of await indexedDB.databases()) kept.push(JSON.stringify(base));
  for (const worker of await navigator.serviceWorker.getRegistrations()) kept.push(worker.scope);
  for (const entry of performance.getEntries()) kept.push(entry.name);
  return kept.join("\\n");
}"""


def words_of(world: World) -> list[str]:
    """What identifies the person of a world."""
    person = world.person
    return [
        person.surname,
        person.surname.upper(),
        person.given_name,
        str(person.phone),
        person.birth_date.isoformat(),
    ]


def sideways(answer: Answer, words: list[str]) -> list[str]:
    """Where an answer names somebody elsewhere than in the page that it is asked for: headers, title, links, error, file."""
    places = {"a header": str(answer.headers)}
    kind = answer.headers.get("Content-Type", "")
    if kind.startswith("text/html"):
        places["the title"] = " ".join(_TITLE.findall(answer.body))
        places["a link"] = " ".join(_LINKS.findall(answer.body))
    if answer.status >= 400:
        places["an error page"] = answer.body
    return [place for place, text in places.items() if any(word in text for word in words)]


def in_a_file(content: bytes, words: list[str]) -> list[str]:
    """Words in a file that the platform made, its metadata and its deflated streams included."""
    sought = needles(**{f"word{number}": word for number, word in enumerate(words)})
    return [f"a file: {hit}" for hit in hits(content, sought)]


class Log(logging.Handler):
    """All that is logged, as an operator's file would hold it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.text: list[str] = []
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line, with its traceback."""
        self.text.append(self.format(record))

    def named(self, words: list[str]) -> list[str]:
        """Words in what was logged so far, which is then forgotten."""
        text, self.text = "\n".join(self.text), []
        return [f"the log: {word}" for word in words if word in text]


@contextmanager
def everything_logged() -> Iterator[Log]:
    """Every logger at its most talkative."""
    root, requests, handler = logging.getLogger(), logging.getLogger("django.request"), Log()
    before = root.level, requests.disabled
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    requests.disabled = False
    yield handler
    root.removeHandler(handler)
    root.setLevel(before[0])
    requests.disabled = before[1]


def kept(bodies: set[str], words: list[str]) -> tuple[int, list[str]]:
    """How many rows of journal, outbox and queue these organisations read, and words in them."""
    read, found = 0, []
    for body in sorted(bodies):
        with transaction.atomic(), acting(organisation=organisation(body)), connection.cursor() as cursor:
            for table, text in TABLES.items():
                cursor.execute(f"SELECT {text} FROM {table}")  # noqa: S608 - our own words
                rows = [row[0] for row in cursor.fetchall()]
                read += len(rows)
                whole = "\n".join(rows)
                found += [f"{table}: {word}" for word in words if word in whole]
    return read, found


def left_in(page: Any, words: list[str]) -> list[str]:
    """Words in what a browser keeps of the pages of a site."""
    text = json.dumps(page.evaluate(STORED), ensure_ascii=False)
    return [f"the browser: {word}" for word in words if word in text]
