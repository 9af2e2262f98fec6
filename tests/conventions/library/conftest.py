"""The texts themselves are outside the project: what reads them is collected only where they are."""

from tests.conventions.library.texts import TEXTS

collect_ignore = [] if TEXTS.is_dir() else ["test_articles_of_the_texts.py"]
