"""The browser without script of tests/without_script.py sends what a form holds, and is stopped by what stops a person."""

from collections.abc import Callable
from typing import Self

import pytest
from django.http import QueryDict

from maillage.demo.cast import PASSWORD
from tests.referrals.world import WORKER
from tests.without_script import Plain

FORM = """<title>Page</title><main><p>Deux\u00a0mots</p>
<a href="/ici/">Ici</a>
<form method=post action="/la/"><textarea name=words>

deux lignes</textarea><input type=radio name=one value=a id=a checked><label for=a>A</label>
<label><input type=radio name=one value=b> B</label><input type=checkbox name=no value=1><input type=radio name=empty value="" checked>
<select name=list><option value=x>X<option value=y>Y</select><input name=gone value=1 disabled>
<input name=must required><button name=do value=it>Aller</button><button type=button>Rien</button></form></main>"""


class Sends(Plain):
    """Keeps what it would send."""

    sent = ("", "")

    def send(self, where: str, sent: QueryDict, *, multipart: bool) -> Self:
        assert not multipart
        self.sent = (where, sent.urlencode())
        return self


def test_a_form_sends_what_it_holds() -> None:
    page = Sends().show(FORM)
    assert page.text("p") == "Deux mots"
    page.check("B").fill("list", "y").fill("must", "1").press("Aller")
    assert page.sent == ("/la/", "words=%0Adeux+lignes&one=b&empty=&list=y&must=1&do=it")


@pytest.mark.parametrize(
    "act",
    [
        lambda page: page.follow("Là-bas"),
        lambda page: page.press("Rien"),
        lambda page: page.fill("gone", "2"),
        lambda page: page.fill("must", "").press("Aller"),
    ],
)
def test_what_a_person_cannot_do_it_cannot(act: Callable[[Plain], Plain]) -> None:
    with pytest.raises(AssertionError):
        act(Sends().show(FORM))


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused() -> None:
    door = Plain().open("/connexion/").fill("login", WORKER).fill("password", PASSWORD)
    for token in door.page.xpath("//*[@name='csrfmiddlewaretoken']"):
        token.drop_tree()
    with pytest.raises(AssertionError, match="403"):
        door.press("Se connecter")
