"""What every answer owes to whoever asked: its headers, closed cookies, and nothing that calls another host."""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from tests.security.answering import Answer

REQUIRED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
CLOSED = (
    "default-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "script-src 'self'",
    "style-src 'self'",
)
OPEN = ("unsafe-inline", "unsafe-eval", "unsafe-hashes", "*", "http:", "https:", "blob:", "ws:")
LOADS = {
    "src",
    "srcset",
    "poster",
    "data",
    "action",
    "formaction",
    "background",
    "cite",
    "manifest",
    "xlink:href",
    "href",
    "ping",
}
ELSEWHERE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
STYLED = re.compile(r"(?:url\(|@import)\s*['\"]?\s*(?:https?:)?//", re.IGNORECASE)


def faults(answer: Any, *, page: bool = True) -> list[str]:
    """What is missing from an answer's headers and cookies."""
    policy = answer.headers.get("Content-Security-Policy", "")
    file = "sandbox" in policy.split("; ")  # somebody's document: it may do less still
    wanted = REQUIRED | ({"Referrer-Policy": "no-referrer"} if file else {})
    found = [
        f"{name}: {answer.headers.get(name)}"
        for name, value in wanted.items()
        if answer.headers.get(name) != value
    ]
    found += [
        f"policy without {directive}"
        for directive in (CLOSED[:2] if file else CLOSED)
        if directive not in policy
    ]
    found += [
        f"policy with {word}" for word in OPEN if word in policy.split() or f"'{word}'" in policy.split()
    ]
    if page and "no-store" not in answer.headers.get("Cache-Control", ""):
        found.append(f"Cache-Control: {answer.headers.get('Cache-Control')}")
    for name, cookie in getattr(answer, "cookies", {}).items():
        if cookie["max-age"] == 0:
            continue  # forgotten, not set
        if not cookie["httponly"] or cookie["samesite"] not in ("Lax", "Strict"):
            found.append(f"cookie {name}: {cookie.OutputString()}")
    if "Server" in answer.headers or "X-Powered-By" in answer.headers:
        found.append("it tells what serves it")
    return found


class Calls(HTMLParser):
    """Addresses of other hosts in a page: loaded, posted to, or linked; and live instructions of scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            text = value or ""
            if (
                (name in LOADS or name.startswith("hx-"))
                and ELSEWHERE.match(text)
                and not text.startswith("http://testserver/")
            ):
                self.found.append(f"<{tag} {name}={text}>")
            if name.startswith("on") or text.strip().lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={text}>")
            if name == "style":
                self.found.append(f"<{tag} style>: the policy refuses it")
        if tag in ("script", "style") and not dict(attrs).get("src"):
            self.found.append(f"inline <{tag}>: the policy refuses it")
        if tag in ("iframe", "object", "embed", "base"):
            self.found.append(f"<{tag}>")


def calls(text: str) -> list[str]:
    """Everything in a page that leads to another host or escapes the policy."""
    parser = Calls()
    parser.feed(text)
    return parser.found + STYLED.findall(text)


class Watch:
    """Judges each answer that passes, by whoever it was asked."""

    def __init__(self) -> None:
        self.wrong: set[str] = set()
        self.statuses: Counter[int] = Counter()

    def __call__(self, name: str, response: Any, answer: Answer) -> None:
        """What is wrong with it is kept under its name."""
        self.statuses[answer.status] += 1
        found = faults(response)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            found += calls(answer.body)
        self.wrong |= {f"{name}: {fault}" for fault in found}
