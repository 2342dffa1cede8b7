"""Why something could not be done with a questionnaire."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.errors import Conflict, NotAllowed, Refused
from surveys.questionnaires import limits
from surveys.questionnaires.problems import Problem


class NotYours(NotAllowed):
    """Only coordinators write questionnaires; built-in ones belong to those who coordinate every site."""


class Frozen(Conflict):
    """A published version never changes."""

    def __init__(self) -> None:
        super().__init__(_("This version is published, so it stays as it is. Make a new version to change it."))


class Retired(Conflict):
    """Nobody is to be asked it any more."""

    def __init__(self) -> None:
        super().__init__(_("This questionnaire is retired. Bring it back before you change it."))


class EditedMeanwhile(Conflict):
    """The draft was changed after the page was read. ``revision`` is what it is now."""

    def __init__(self, revision: int, by: str = "") -> None:
        said = _("%(name)s changed this draft while you wrote.") % {"name": by}
        super().__init__(said if by else _("Somebody changed this draft while you wrote."))
        self.revision = revision


class InUse(Conflict):
    """A round needs it, or its state has moved on."""


class _Listed(Refused):
    def __init__(self, message: str, problems: Sequence[Problem]) -> None:
        super().__init__(message)
        self.problems = problems[: limits.PROBLEMS]
        self.more = len(problems) - len(self.problems)


class NotWellFormed(_Listed):
    """The change, or the file, would break a rule of questionnaires; ``problems`` says where, ``keys`` are those of the
    questions the problems count from 1 and ``names`` their words."""

    def __init__(self, problems: Sequence[Problem], keys: Sequence[str] = (), names: Sequence[str] = ()) -> None:
        self.keys, self.names = list(keys), list(names)
        said = [self._said(problem) for problem in problems[: limits.PROBLEMS]]
        super().__init__("\n".join(dict.fromkeys(said)), problems)

    def _said(self, problem: Problem) -> str:
        """The message, after the question it is about where that is known by name."""
        if not self.names or len(problem.path) < 2 or problem.path[0] != "questions":
            return problem.message
        return f"“{self.names[int(problem.path[1]) - 1]}”: {problem.message}"


class Incomplete(_Listed):
    """A draft with gaps cannot be published; ``problems`` lists them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        said = ngettext(
            "One gap is left before this can be published.",
            "%(count)d gaps are left before this can be published.",
            len(problems),
        )
        super().__init__(said % {"count": len(problems)}, problems)
