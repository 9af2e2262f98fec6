"""A commune found without script: a form alone."""

import pytest

from tests.web.directory.conftest import WORKER
from tests.without_script import Plain


@pytest.mark.django_db
def test_without_script_the_same_form_leads_to_the_same_place() -> None:
    page = Plain(WORKER).open("/annuaire/")
    (field,) = page.page.xpath("//*[@id='commune-q']")
    page.fill(field.get("name"), "42147").enter(field.get("name"))
    assert page.url.startswith("/annuaire/commune/42147/")
