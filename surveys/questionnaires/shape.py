"""First half of the check: is it the right kind of thing everywhere? Nothing that comes here is trusted."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _

from surveys.models import QuestionType
from surveys.questionnaires import limits
from surveys.questionnaires.problems import Path, Problem

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LANGUAGE_CODES = frozenset(code for code, info in LANG_INFO.items() if "name_local" in info)
TOP = ("languages", "intro", "sections", "questions")
QUESTION = ("key", "section", "type", "required", "texts", "options", "shown_if", "alignment_key")


class Shape:
    """Walks a definition and collects what is wrong. Each method says whether what it looked at can be used further."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, path: Path, message: str) -> bool:
        self.problems.append(Problem(path, message))
        return False

    def definition(self, given: Any, path: Path = (), *, more: tuple[str, ...] = ()) -> None:
        """The whole of it; ``more`` names fields a file has beside the definition, checked elsewhere."""
        if not self.mapping(given, path, (*TOP, *more), needed=("languages", "questions")):
            return
        self.languages(given.get("languages"), ("languages",))
        self.texts(given.get("intro", {}), ("intro",), limits.INTRO)
        for place, section in self.rows(given.get("sections", []), ("sections",), limits.SECTIONS):
            if self.mapping(section, place, ("key", "texts"), needed=("key",)):
                self.key(section.get("key"), (*place, "key"))
                self.texts(section.get("texts", {}), (*place, "texts"), limits.TITLE)
        for place, question in self.rows(given.get("questions", []), ("questions",), limits.QUESTIONS):
            self.question(question, place)

    def question(self, given: Any, path: Path) -> None:
        if not self.mapping(given, path, QUESTION, needed=("key", "type", "texts")):
            return
        self.key(given.get("key"), (*path, "key"))
        self.kind(given.get("type"), (*path, "type"))
        for name in ("section", "alignment_key"):
            if given.get(name, "") != "":
                self.key(given[name], (*path, name))
        if not isinstance(given.get("required", False), bool):
            self.wrong((*path, "required"), _("This is true or false."))
        self.parts(given.get("texts"), (*path, "texts"))
        for place, option in self.rows(given.get("options", []), (*path, "options"), limits.OPTIONS):
            if self.mapping(option, place, ("key", "texts"), needed=("key",)):
                self.key(option.get("key"), (*place, "key"))
                self.texts(option.get("texts", {}), (*place, "texts"), limits.OPTION)
        self.condition(given.get("shown_if", {}), (*path, "shown_if"))

    def condition(self, given: Any, path: Path) -> None:
        if given == {} or not self.mapping(given, path, ("question", "is"), needed=("question", "is")):
            return
        self.key(given["question"], (*path, "question"))
        if type(given["is"]) not in (int, str):  # True is an int to Python, not to us
            self.wrong((*path, "is"), _("This is a number or the key of an option."))

    def parts(self, given: Any, path: Path) -> None:
        """Language → text, hint and the ends of a scale."""
        for code, words in self.languages_of(given, path):
            place = (*path, code)
            if self.mapping(words, place, tuple(limits.WORDS)):
                for part, text in words.items():
                    self.text(text, (*place, part), limits.WORDS[part])

    def texts(self, given: Any, path: Path, most: int) -> None:
        """Language → words."""
        for code, text in self.languages_of(given, path):
            self.text(text, (*path, code), most)

    def languages_of(self, given: Any, path: Path) -> list[tuple[str, Any]]:
        if not self.mapping(given, path, None):
            return []
        return [(code, words) for code, words in given.items() if self.language(code, (*path, shown(code)))]

    def languages(self, given: Any, path: Path) -> None:
        for place, code in self.rows(given, path, limits.LANGUAGES):
            self.language(code, place)

    def language(self, given: Any, path: Path) -> bool:
        if isinstance(given, str) and given in LANGUAGE_CODES:
            return True
        return self.wrong(path, _("No language has the code %(code)s.") % {"code": shown(given)})

    def kind(self, given: Any, path: Path) -> bool:
        if isinstance(given, str) and given in QuestionType.values:
            return True
        known = ", ".join(QuestionType.values)
        return self.wrong(
            path, _("%(kind)s is no type. Types are: %(known)s.") % {"kind": shown(given), "known": known}
        )

    def key(self, given: Any, path: Path) -> bool:
        if not isinstance(given, str) or len(given) > limits.KEY or not KEY.fullmatch(given):
            said = _("%(key)s is no key. Keys are small letters and digits with hyphens between, %(most)d at most.")
            return self.wrong(path, said % {"key": shown(given), "most": limits.KEY})
        return True

    def text(self, given: Any, path: Path, most: int) -> bool:
        if not isinstance(given, str):
            return self.wrong(path, _("This is text in quotes."))
        if len(given) > most:
            said = _("This text has %(length)s characters; %(most)s fit.")
            return self.wrong(path, said % {"length": len(given), "most": most})
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\r\t" for sign in given):
            return self.wrong(path, _("This text holds characters that cannot be shown."))
        return True

    def rows(self, given: Any, path: Path, most: int) -> list[tuple[Path, Any]]:
        if not isinstance(given, list):
            self.wrong(path, _("This is a list in square brackets."))
            return []
        if len(given) > most:
            said = _("There are %(count)d entries; %(most)d fit.")
            self.wrong(path, said % {"count": len(given), "most": most})
            return []
        return [((*path, place), row) for place, row in enumerate(given, start=1)]

    def mapping(self, given: Any, path: Path, known: tuple[str, ...] | None, needed: tuple[str, ...] = ()) -> bool:
        """Fields in braces: none unknown (``known`` None: any), none of ``needed`` missing."""
        if not isinstance(given, dict):
            return self.wrong(path, _("These are fields in braces."))
        strange = [name for name in given if known is not None and name not in known]
        for name in strange[:3]:
            self.wrong((*path, shown(name)), _("There is no field of this name."))
        missing = [name for name in needed if name not in given]
        for name in missing:
            self.wrong((*path, name), _("This field is missing."))
        return not strange and not missing


def shown(given: Any) -> str:
    """What was given, short and printable, to be quoted in a message."""
    text = given if isinstance(given, str) else repr(given) if isinstance(given, (int, float, bool)) else "?"
    clean = "".join(sign if sign.isprintable() else "?" for sign in text[:40])
    return clean + "…" if len(text) > 40 else clean
