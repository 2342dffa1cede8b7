"""A questionnaire as a JSON file: out, and in again as a draft. What comes in is trusted in nothing."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import User
from surveys.models import QuestionnaireVersion
from surveys.questionnaires import limits
from surveys.questionnaires.checking import problems
from surveys.questionnaires.definition import definition_of, normal
from surveys.questionnaires.lifecycle import start
from surveys.questionnaires.problems import Problem
from surveys.questionnaires.refusals import NotWellFormed
from surveys.questionnaires.shape import Shape, shown

FORMAT = "floorprogram-questionnaire/1"
HEAD = ("format", "name", "description")


def as_data(version: QuestionnaireVersion) -> dict[str, Any]:
    """What the file of a version holds: no people, no dates, no rounds."""
    head = {"format": FORMAT, "name": version.questionnaire.name, "description": version.questionnaire.description}
    return head | normal(definition_of(version))


def as_json(version: QuestionnaireVersion) -> str:
    """The file itself, readable by people."""
    return json.dumps(as_data(version), ensure_ascii=False, indent=2) + "\n"


@transaction.atomic
def import_questionnaire(*, content: bytes, by: User, now: datetime) -> QuestionnaireVersion:
    """A new questionnaire with the file's questions as its draft, or nothing at all.

    An import never changes a questionnaire that is there. Raises NotYours, or NotWellFormed naming line or field."""
    data = read(content)
    definition = {name: value for name, value in data.items() if name not in HEAD}
    return start(
        name=data["name"].strip(),
        description=data.get("description", "").strip(),
        definition=definition,
        by=by,
        now=now,
        verb="questionnaire.imported",
        bytes=len(content),
    )


def read(content: bytes) -> dict[str, Any]:
    """The well-formed data of a file; raises NotWellFormed."""
    data = _parse(content)
    found = problems(data, more=HEAD)
    if isinstance(data, dict):
        found = [*_of_head(data), *found]
    if found:
        raise NotWellFormed(found)
    return dict(data)


def _of_head(data: dict[str, Any]) -> list[Problem]:
    shape = Shape()
    if data.get("format") != FORMAT:
        shape.wrong(("format",), _("This has to say “%(format)s”.") % {"format": FORMAT})
    if shape.text(data.get("name", ""), ("name",), limits.NAME) and not data.get("name", "").strip():
        shape.wrong(("name",), _("The name is missing."))
    shape.text(data.get("description", ""), ("description",), limits.DESCRIPTION)
    return shape.problems


class _Twice(ValueError):
    """One object names a field twice: which of the two is meant?"""


def _parse(content: bytes) -> Any:
    if len(content) > limits.FILE:
        raise _refused(_("The file is larger than %(most)d KB.") % {"most": limits.FILE // 1024})
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refused(_("Line %(line)d is not in UTF-8.") % {"line": line}) from None
    except json.JSONDecodeError as error:
        said = _("Line %(line)d, character %(column)d: this is not JSON.")
        raise _refused(said % {"line": error.lineno, "column": error.colno}) from None
    except _Twice as error:
        raise _refused(str(error)) from None
    except ValueError:  # more digits than a number may have
        raise _refused(_("The file holds a number nobody can read.")) from None
    except RecursionError:
        raise _refused(_("The file is nested too deeply.")) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(_("The field “%(name)s” stands twice in one place.") % {"name": shown(name)})
        found[name] = value
    return found


def _no_constant(name: str) -> Any:
    raise _Twice(_("%(name)s is no number JSON knows.") % {"name": name})


def _refused(message: str) -> NotWellFormed:
    return NotWellFormed([Problem((), message)])
