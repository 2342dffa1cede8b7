"""Which column means what: guessed from headers, said by the importer, or remembered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from people.keys import fold
from people.roster import vocabulary
from people.roster.errors import RosterRefused
from people.roster.reading import Table, is_overlong

KEYS = ("employee_number", "email")
NEVER_BY_DEFAULT = frozenset({"name", "employee_number", "email"})


@dataclass(frozen=True)
class Source:
    """One column, or several joined by a space. ``label`` is how the importer names it."""

    label: str
    indexes: tuple[int, ...]

    def of(self, cells: Sequence[str]) -> str:
        """What the column holds in this line, empty where the line is shorter."""
        if len(self.indexes) == 1:
            index = self.indexes[0]
            return cells[index] if index < len(cells) else ""
        return " ".join(cells[index] for index in self.indexes if index < len(cells) and cells[index])

    def is_overlong(self, cells: Sequence[str]) -> bool:
        """Does one of its cells hold more than is read?"""
        return any(is_overlong(cells[index]) for index in self.indexes if index < len(cells))


@dataclass(frozen=True)
class Condition:
    """A limit on rows: a column equals (``=``) or contains (``~``) a value, whatever the case."""

    source: Source
    operator: str
    value: str

    def holds(self, cells: Sequence[str]) -> bool:
        """Does the line meet it? One that may, were its cell read to the end, is let through to be rejected by name."""
        have, want = fold(self.source.of(cells)) or "", fold(self.value) or ""
        return have == want if self.operator == "=" else want in have or self.source.is_overlong(cells)

    def __str__(self) -> str:
        return f"{self.source.label}{self.operator}{self.value}"


@dataclass(frozen=True)
class Columns:
    """Everything needed to read a line: sources by field, conditions and defaults."""

    kind: str
    fields: Mapping[str, Source]
    conditions: tuple[Condition, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """The column a field is read from, empty when it has none."""
        return self.fields[name].label if name in self.fields else ""

    def text(self, name: str, cells: Sequence[str]) -> str:
        """What a line says about a field, else its default."""
        source = self.fields.get(name)
        return (source.of(cells) if source else "") or self.defaults.get(name, "")

    def wanted(self, cells: Sequence[str]) -> bool:
        """Do all conditions hold for this line?"""
        return all(condition.holds(cells) for condition in self.conditions)

    def overlong(self, cells: Sequence[str]) -> str | None:
        """The column that is read and holds too much in this line; None when all can be read whole."""
        sources = [*self.fields.values(), *(condition.source for condition in self.conditions)]
        return next((source.label for source in sources if source.is_overlong(cells)), None)

    @property
    def filters(self) -> list[str]:
        """The conditions in a fixed form: what an import is compared by when leavers are sought."""
        return sorted(fold(str(condition)) or "" for condition in self.conditions)


def choose(
    table: Table,
    kind: str,
    *,
    chosen: Mapping[str, str],
    where: Iterable[str] = (),
    defaults: Mapping[str, str] | None = None,
) -> Columns:
    """The columns of ``kind``: what was ``chosen`` (field → COLUMN, empty: none), else guessed.

    Raises RosterRefused for fields, columns and conditions that do not exist.
    """
    for name in (*chosen, *(defaults or {})):
        if name not in vocabulary.FIELDS[kind]:
            words = _("%(kind)s have no field “%(field)s”. Fields: %(known)s.")
            known = ", ".join(vocabulary.FIELDS[kind])
            raise RosterRefused(words % {"kind": kind, "field": name, "known": known})
    if barred := NEVER_BY_DEFAULT & set(defaults or {}):
        words = _("“%(field)s” differs from person to person and takes no default.")
        raise RosterRefused(words % {"field": min(barred)})
    said = {name: resolve(table, column) for name, column in chosen.items() if column}
    taken = {index for source in said.values() for index in source.indexes}
    guessed = {name: source for name, source in guess(table, kind, taken).items() if name not in chosen}
    return Columns(kind, guessed | said, tuple(parse_condition(table, text) for text in where), dict(defaults or {}))


def guess(table: Table, kind: str, taken: Iterable[int] = ()) -> dict[str, Source]:
    """Field → column by the wording of the headers; each column is used once, sensitive ones never."""
    used = set(taken) | table.sealed
    places: dict[str, int] = {}
    for index, header in enumerate(table.header):
        if header and index not in used:
            places.setdefault(vocabulary.squeezed(header), index)
    found = _guess_name(table, places)
    for name in vocabulary.FIELDS[kind]:
        if name not in found and (at := _first(places, vocabulary.WORDINGS[name])) is not None:
            found[name] = Source(table.label(at), (at,))
    if "email" not in found and "contact_email" in found:
        # The only address there is serves as both: one that several rows share never signs anybody in.
        found["email"] = found.pop("contact_email")
    return found


def _first(places: dict[str, int], wordings: Iterable[str]) -> int | None:
    """The column with the likeliest wording, taken out of ``places``."""
    word = next((word for word in wordings if word in places), None)
    return None if word is None else places.pop(word)


def _guess_name(table: Table, places: dict[str, int]) -> dict[str, Source]:
    first, last = (_first(places, vocabulary.WORDINGS[part]) for part in ("first_name", "last_name"))
    if last is not None and first is None:
        first = places.pop("name", None)
    parts = [index for index in (first, last) if index is not None]
    if len(parts) < 2:
        whole = _first(places, vocabulary.WORDINGS["name"])
        parts = parts if whole is None else [whole]
    return {"name": Source("+".join(map(table.label, parts)), tuple(parts))} if parts else {}


def resolve(table: Table, column: str) -> Source:
    """The column named ``column``: a header's text, ``#N``, or several joined by ``+``. Raises RosterRefused."""
    whole = _index(table, column)
    indexes = (whole,) if whole is not None else tuple(_certain(table, part) for part in column.split("+"))
    for each in indexes:
        if each in table.sealed:
            raise RosterRefused(_("The column “%(column)s” is never read.") % {"column": table.label(each)})
    return Source("+".join(map(table.label, indexes)), indexes)


def _certain(table: Table, column: str) -> int:
    index = _index(table, column)
    if index is None:
        words = _("There is no column “%(column)s”. Columns: %(known)s.")
        known = ", ".join(filter(None, table.header)) or f"#1 … #{table.width}"
        raise RosterRefused(words % {"column": column.strip(), "known": known})
    return index


def _index(table: Table, column: str) -> int | None:
    """The place of one column; None when there is none of that name. Raises RosterRefused when there are two."""
    if match := re.fullmatch(r"\s*#(\d{1,4})\s*", column):
        index = int(match[1]) - 1
        return index if 0 <= index < max(table.width, len(table.header)) else None
    for form in (str, fold, vocabulary.squeezed):
        wanted = form(" ".join(column.split()))
        places = [index for index, header in enumerate(table.header) if wanted and form(header) == wanted]
        if len(places) > 1:
            words = _("Several columns are called “%(column)s”. Name one by its place, like #3.")
            raise RosterRefused(words % {"column": column})
        if places:
            return places[0]
    return None


def parse_condition(table: Table, text: str) -> Condition:
    """``COLUMN=VALUE`` or ``COLUMN~VALUE``, split where what stands left is a column. Raises RosterRefused."""
    for match in re.finditer("[=~]", text):
        left = text[: match.start()]
        if all(_index(table, part) is not None for part in left.split("+")) or _index(table, left) is not None:
            return Condition(resolve(table, left), match[0], text[match.end() :].strip())
    column = re.split("[=~]", text)[0]
    if column == text:
        raise RosterRefused(_("A condition is written COLUMN=VALUE or COLUMN~VALUE, not “%(text)s”.") % {"text": text})
    return Condition(resolve(table, column), "=", "")


def refuse_unless_people(table: Table, columns: Columns) -> None:
    """Raise RosterRefused for files of posts, head-counts or anything else without a column of people's names."""
    count = next((name for name in table.header if vocabulary.is_head_count(name)), "")
    source = columns.fields.get("name")
    if source and not (count and _no_name(table, source)):
        return
    if count:
        reason = _("Its rows are groups of posts with head-counts (“%(column)s”), not people.") % {"column": count}
    elif any(map(vocabulary.is_known_header, table.header)):
        known = ", ".join(filter(None, table.header[:12]))
        reason = _("No column holds people's names. Columns: %(known)s.") % {"known": known}
    else:
        reason = _("No column is known to hold people's names. Name it, and say so if the file has no header line.")
    raise RosterRefused(_("This is not a people file. %(reason)s") % {"reason": reason}, field="name")


def _no_name(table: Table, source: Source) -> bool:
    """Is none of the columns a name is taken from called like one?"""
    return not any(vocabulary.squeezed(table.label(index)) in vocabulary.NAME_WORDINGS for index in source.indexes)


def refuse_unless_complete(columns: Columns) -> None:
    """Raise RosterRefused when a key, or for hosts a site, can come from nowhere."""
    if not any(key in columns.fields for key in KEYS):
        words = _("No column holds employee numbers or sign-in e-mails: one of them is needed.")
        raise RosterRefused(words, field="employee_number")
    if columns.kind == "hosts" and "site" not in columns.fields and not columns.defaults.get("site"):
        words = _("No column holds the hosts' site. Name one, or give one site for all as default.")
        raise RosterRefused(words, field="site")
