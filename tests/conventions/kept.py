"""What the tests of a module all start from is written once, by the real actions; each test rolls back to it.

A fixture of scope « module » that asks for `kept` may write: it is set up before the transaction of the first test that asks for
it opens, and what it wrote stays until the module's end. Not for a module where `fresh_database` is asked for: that one hangs up.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction

from tests.conventions.people import drafted, proposed, signed


@pytest.fixture(scope="module")
def kept(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The transaction of a module, and the folder of its stores."""
    folder = tmp_path_factory.mktemp("stores")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(settings, "KEY_STORE", folder / "keys")
        patch.setattr(settings, "DOCUMENT_STORE", folder / "documents")
        yield folder
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def signed_s3(kept: Path) -> UUID:
    """`signed()`, as it was just after the last signature."""
    return signed()


@pytest.fixture(scope="module")
def proposed_s3(kept: Path) -> UUID:
    """`proposed()`, that nobody has signed."""
    return proposed()


@pytest.fixture(scope="module")
def drafted_s3(kept: Path) -> UUID:
    """`drafted()`, its bodies chosen and its blanks left."""
    return drafted()
