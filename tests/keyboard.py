"""Somebody without a mouse: Tab, Enter, Space, arrows and typing, in a real browser. What the keyboard does not reach fails."""

from typing import Final, Self

import pytest
from playwright.sync_api import Page, expect

MOST: Final = 250
"""Presses of Tab before it is said that the keyboard does not get there: more than any page has controls."""

# Whether what is focused is meant: it matches, and its own words, or those of its label, hold these.
MEANT = """([target, words]) => {
  const one = document.activeElement;
  const plain = (text) => (text ?? "").replace(/\\s+/g, " ").trim();
  const said = [one.textContent, ...[...(one.labels ?? [])].map((label) => label.textContent)];
  return one.matches(target) && said.some((text) => plain(text).includes(words));
}"""


class Keys:
    """The keyboard of a page, and how often a key was pressed: what is typed counts each character."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, key: str) -> Self:
        """One key."""
        self.page.keyboard.press(key)
        self.presses += 1
        return self

    def to(self, target: str, words: str = "") -> Self:
        """By Tab to the next control that matches and says these words. Without any, the test fails."""
        for _ in range(MOST):
            self.press("Tab")
            if self.page.evaluate(MEANT, [target, words]):
                return self
        pytest.fail(f"the keyboard does not reach {target} « {words} » on {self.page.url}")

    def write(self, target: str, text: str) -> Self:
        """Type in a field, over what is there."""
        self.to(target).press("Control+a")
        self.page.keyboard.type(text)
        self.presses += len(text)
        return self

    def tick(self, target: str, words: str = "") -> Self:
        """Tick a box."""
        self.to(target, words).press("Space")
        assert self.page.evaluate("document.activeElement.checked")
        return self

    def choose(self, target: str, words: str) -> Self:
        """One of several: Tab enters the group, arrows go through it, Space takes what nothing had chosen."""
        self.to(target)
        for _ in range(20):
            if self.page.evaluate(MEANT, [target, words]):
                return self.press("Space")
            self.press("ArrowDown")
        pytest.fail(f"no arrow reaches « {words} » in {target} on {self.page.url}")

    def pick(self, target: str, value: str) -> Self:
        """An entry of a list, by the arrows."""
        self.to(target)
        for _ in range(60):
            if self.page.evaluate("document.activeElement.value") == value:
                return self
            self.press("ArrowDown")
        pytest.fail(f"no arrow reaches {value} in {target} on {self.page.url}")

    def unfold(self, words: str) -> Self:
        """Open what is folded under these words."""
        return self.to("summary", words).press("Enter")

    def enter(self, target: str, words: str, then: str, where: str = "main") -> Self:
        """Go to a link or a button, press Enter, and wait for the page that says so."""
        self.to(target, words).press("Enter")
        expect(self.page.locator(where)).to_contain_text(then)
        return self
