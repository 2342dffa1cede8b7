"""The German words of the pages respondents read: complete, compiled, and none for words that are gone."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "locale" / "de" / "LC_MESSAGES"
READ = [
    *(ROOT / "templates" / "surveys").glob("kiosk*.html"),
    *[ROOT / "templates" / "surveys" / f"{name}.html" for name in ("answer", "thanks", "closed", "_pages", "_promise")],
    *[ROOT / "templates" / "surveys" / f"{name}.html" for name in ("_question", "_send")],
]
SAID = [ROOT / "surveys" / name for name in ("promise.py", "kiosk.py", "forms/answers.py", "forms/kiosk.py")]


def sources():
    """The words of the source file, singular and plural."""
    return re.findall(r'^msgid(?:_plural)? "(.+)"$', (FOLDER / "django.po").read_text(), re.MULTILINE)


def catalog():
    with (FOLDER / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_the_compiled_words_are_those_of_the_source():
    """Given django.po; then django.mo, made from it by msgfmt, knows every entry."""
    singular = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', (FOLDER / "django.po").read_text(), re.MULTILINE)
    compiled = catalog()
    assert len(singular) > 50
    assert [(said, compiled.gettext(said)) for said, _words in singular] == singular


def test_everything_respondents_read_is_there_in_german():
    said = {words for path in READ for words in re.findall(r"""translate ["']([^"']+)["']""", path.read_text())}
    said |= {words for path in SAID for words in re.findall(r'_\(\s*"([^"]+)"\s*\)', path.read_text())}
    assert len(said) > 50
    assert said - set(sources()) == set()
