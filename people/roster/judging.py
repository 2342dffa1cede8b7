"""The judgement of a whole file against the people there are, without writing anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from people.models import Executive, RoleGrant, RosterEntry, User
from people.roster.applying import Applier, Person, new_places, person_for
from people.roster.columns import Columns
from people.roster.entries import Entry
from people.roster.gathering import Gathered, gather
from people.roster.matching import Index, Known, Match, match, refuse_if_renumbered
from people.roster.places import Places
from people.roster.reading import Table
from people.roster.superiors import Superiors
from people.roster.verdicts import Line, Report, Verdict, in_order

CHUNK = 900  # ids in one IN list
PROFILE = {"executives": "executive", "hosts": "host"}


@dataclass
class Judgement:
    """What a file would do: the report, and the people and places as they would be."""

    report: Report
    people: list[Person]
    places: Places


class Judge:
    """Judges one file. ``by`` None is the machine's own command, which may do everything."""

    def __init__(self, table: Table, columns: Columns, *, by: User | None, by_name: bool) -> None:
        self.table, self.columns, self.by, self.by_name = table, columns, by, by_name
        self.places = Places.load()
        labels = {name: source.label for name, source in columns.fields.items()}
        self.applier = Applier(columns.kind, self.places, labels)
        self.everywhere = by is None or by.coordinates_everywhere

    def judge(self, *, filters_key: str, today: date, lock: bool = False) -> Judgement:
        """Every line's verdict. Raises RosterRefused when the file as a whole is not to be imported."""
        gathered = gather(self.table, self.columns, today=today)
        self.index = Index(known_people(self.columns.kind))
        if not self.by_name:
            refuse_if_renumbered(gathered.people, self.index)
        matches = match(gathered.people, self.index, by_name=self.by_name)
        users = _users(matches, lock=lock)
        self._keep_addresses_apart(gathered.people, matches)
        people = list(self._people(gathered, matches, users))
        if self.columns.kind == "executives":
            above = dict(Executive.objects.values_list("user_id", "line_manager_id"))
            Superiors(people, self.index, self.applier).apply(above)
        return Judgement(self._report(gathered, people, matches, filters_key), people, self.places)

    def _people(self, gathered: Gathered, matches: dict[int, Match], users: dict[int, User]) -> Iterator[Person]:
        for entry in gathered.people:
            found = matches.get(entry.line)
            user = users[found.pk] if found else None
            if not self.everywhere and (reason := self._foreign(entry, user)):
                gathered.reject(
                    entry.line, self.columns.label("site") or self.columns.label("home_site"), reason, entry
                )
                continue
            person = person_for(entry, user, self.columns.kind)
            if found:
                self._list_match(entry, person, found)
            else:
                self._list_same_number(entry)
            self.applier.apply(person)
            yield person

    def _foreign(self, entry: Entry, user: User | None) -> str:
        """Why somebody who coordinates some sites may not import this line; empty when they may."""
        mine = self.by.coordinated_site_ids if self.by else frozenset()
        said = entry.values.get("site") or entry.values.get("home_site")
        known = self.places.find_site(said) if said else None
        if said and (known is None or known.pk not in mine):
            return _("%(site)s is not one of your sites") % {"site": said}
        if user and any(site not in mine for site in _sites_of(user)):
            return _("%(name)s belongs to a site that is not yours") % {"name": user.name}
        return ""

    def _list_match(self, entry: Entry, person: Person, found: Match) -> None:
        before = self.index.by_pk[found.pk]
        if found.how == "renamed":
            words = _("number or e-mail known as %(before)s: renamed to %(after)s")
            self.applier.warn(entry.line, "name", words % {"before": person.user.name, "after": entry.name})
        elif found.how == "renumbered":
            words = _("%(name)s was number %(before)s before")
            self.applier.warn(entry.line, "employee_number", words % {"name": entry.name, "before": before.number_key})
        if not person.user.is_active:
            self.applier.warn(entry.line, "name", _("%(name)s is marked as having left") % {"name": entry.name})

    def _list_same_number(self, entry: Entry) -> None:
        for other in self.index.by_number.get(entry.number_key or "", ())[:1]:
            words = _("number %(number)s is also that of %(name)s, who stays as they are")
            fields = {"number": entry.values["employee_number"], "name": other.name_key.title()}
            self.applier.warn(entry.line, "employee_number", words % fields)

    def _keep_addresses_apart(self, people: list[Entry], matches: dict[int, Match]) -> None:
        """A sign-in address of somebody else, or a new one for somebody with a role, only becomes a contact address."""
        powerful = self._powerful()
        moving = {
            m.pk for e in people if (m := matches.get(e.line)) and e.email_key and self._address(m.pk) != e.email_key
        }
        for entry in people:
            if not entry.email_key:
                continue
            mine = matches[entry.line].pk if entry.line in matches else None
            holder = self.index.by_email.get(entry.email_key)
            if holder and holder.pk != mine and holder.pk not in moving - powerful:
                self._contact_only(entry, _("%(address)s signs somebody else in: a contact address only"))
            elif mine in powerful and self._address(mine) != entry.email_key:
                self._contact_only(
                    entry, _("%(address)s is new for somebody with a role: only an admin changes what signs them in")
                )

    def _address(self, pk: int | None) -> str | None:
        return self.index.by_pk[pk].email_key if pk is not None else None

    def _powerful(self) -> set[int]:
        """People whose sign-in address only an admin may change."""
        if self.by is None or self.by.is_admin:
            return set()
        return set(RoleGrant.objects.values_list("user_id", flat=True))

    def _contact_only(self, entry: Entry, words: str) -> None:
        address = entry.values.pop("email")
        entry.values.setdefault("contact_email", address)
        entry.email_key = None
        self.applier.warn(entry.line, "email", words % {"address": address})

    def _report(self, gathered: Gathered, people: list[Person], matches: dict[int, Match], filters_key: str) -> Report:
        lines = [_line(person) for person in people]
        for entry, remark in gathered.rejected:
            lines.append(
                Line(
                    remark.line, Verdict.REJECT, entry.name if entry else "", _key(entry), remark.column, remark.reason
                )
            )
        present = {person.user.pk for person in people if not person.is_new} | {found.pk for found in matches.values()}
        return Report(
            lines=sorted(lines, key=lambda line: line.number),
            warnings=in_order(gathered.warnings + self.applier.warnings),
            leavers=self._leavers(present, filters_key),
            created=new_places(self.places),
        )

    def _leavers(self, present: set[int], filters_key: str) -> list[tuple[int, str, str]]:
        """People whom an earlier import of this kind and these conditions named, and this file does not."""
        earlier = RosterEntry.objects.filter(roster__kind=self.columns.kind, roster__filters_key=filters_key)
        gone = User.objects.active().filter(pk__in=earlier.values("user"))
        if not self.everywhere and self.by:
            gone = gone.filter(Q(host__team__site__in=self.by.coordinated_site_ids) | Q(executive__isnull=False))
        return [(user.pk, user.name, user.key) for user in gone.order_by("name_key", "pk") if user.pk not in present]


def known_people(kind: str) -> Iterator[Known]:
    """Everybody there is, by what tells them apart, in one query."""
    fields = ("pk", "employee_number_key", "name_key", "email_key", PROFILE[kind])
    for pk, number, name, email, profile in User.objects.values_list(*fields).iterator(chunk_size=5000):
        yield Known(pk, number, name or "", email, profile is not None)


def _users(matches: dict[int, Match], *, lock: bool) -> dict[int, User]:
    """The known people of the file with their profiles; with ``lock`` nobody else can change them meanwhile."""
    ids = sorted({found.pk for found in matches.values()})
    users: dict[int, User] = {}
    for start in range(0, len(ids), CHUNK):
        some = User.objects.filter(pk__in=ids[start : start + CHUNK]).order_by("pk")
        if lock:
            list(some.select_for_update().values_list("pk"))
        some = some.select_related("host__team__business_unit", "executive__business_unit", "executive__home_site")
        users |= {user.pk: user for user in some}
    return users


def _sites_of(user: User) -> Iterable[int]:
    """The sites a person's profiles tie them to."""
    if user.is_host:
        yield user.host.team.site_id
    if user.is_executive and user.executive.home_site_id:
        yield user.executive.home_site_id


def _key(entry: Entry | None) -> str:
    return "" if entry is None else str(entry.values.get("employee_number") or entry.values.get("email") or "")


def _line(person: Person) -> Line:
    if person.is_new or not person.has_profile:
        return Line(person.entry.line, Verdict.ADD, person.entry.name, _key(person.entry))
    verdict = Verdict.CHANGE if person.changes else Verdict.LEAVE
    return Line(person.entry.line, verdict, person.entry.name, _key(person.entry), changes=person.changes)
