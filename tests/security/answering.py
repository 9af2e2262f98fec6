"""What an address answered, and how two answers differ."""

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

_NOISE = (
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'), "csrf"),
    (re.compile(r'"X-CSRFToken": "[^"]*"'), "csrf"),
    (re.compile(r'data-options="[^"]*"'), "challenge"),
    (re.compile(r'<code class="recovery-code">[^<]*</code>'), "code"),
    (re.compile(r'<svg[^>]*class="qr-code".*?</svg>', re.DOTALL), "picture"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "uuid"),
    (re.compile(r"DTSTAMP:\d{8}T\d{6}Z"), "stamp"),  # the second at which a calendar was drawn
)


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers and the whole body."""

    status: int
    headers: dict[str, str]
    body: str

    @classmethod
    def of(cls, response: Any) -> "Answer":
        """Read a response to its end, streamed or not."""
        content = b"".join(response.streaming_content) if response.streaming else response.content
        return cls(response.status_code, dict(response.headers), content.decode(errors="replace"))

    def without(self, *words: str) -> "Answer":
        """The same without what the visitor typed herself, which a form shows again."""
        body = self.body
        for word in words:
            body = body.replace(word, "")
        return Answer(self.status, self.headers, body)

    def masked(self) -> tuple[int, dict[str, str], str]:
        """Without what differs from one request to the next."""
        kept = {
            name: value
            for name, value in self.headers.items()
            if name
            not in ("Set-Cookie", "Content-Length", "Expires")  # the last says the second of the answer
        }
        return self.status, {name: _mask(value) for name, value in kept.items()}, _mask(self.body)

    def difference(self, other: "Answer") -> str:
        """The first place where two masked answers differ; empty when they are alike."""
        for mine, theirs in zip(self.masked(), other.masked(), strict=True):
            if mine != theirs:
                lines = zip_longest(str(mine).splitlines(), str(theirs).splitlines())
                return next((f"« {one} » / « {two} »" for one, two in lines if one != two), "")
        return ""


def _mask(text: str) -> str:
    for pattern, word in _NOISE:
        text = pattern.sub(word, text)
    return text
