"""The words personnel files use: for columns, for sensitive things, for head-counts."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

EXECUTIVE_FIELDS = (
    "employee_number", "name", "email", "contact_email", "level", "business_unit", "home_site", "manager",
    "assistant", "time_zone", "languages",
)  # fmt: skip
HOST_FIELDS = (
    "employee_number", "name", "email", "contact_email", "team", "function", "site", "business_unit",
    "hired_on", "languages", "max_visits", "nominated",
)  # fmt: skip
FIELDS = {"executives": EXECUTIVE_FIELDS, "hosts": HOST_FIELDS}

# Header wordings of each field, the likeliest first; compared without case, spaces and punctuation.
_PLACES = (
    "site name, site, home site, base site, work site, contact center, contact centre, call center, call "
    "centre, center, centre, "
    "work location, office location, location name, location, locality, office, workplace, standort, site "
    "code, base, "
    "building, city"
)
_WORDINGS = {
    "employee_number": (
        "employee number, employee no, employee num, employee nr, employee id, employee code, emp no, emp num, "
        "emp number, "
        "emp nr, emp id, emp code, empl id, staff number, staff no, staff id, personnel number, personnel no, "
        "personnel id, "
        "person number, person id, worker number, worker id, worker no, associate id, badge number, badge id, hr id, "
        "post unique reference, post reference, post number, post no, post id, position number, position id, "
        "personalnummer, mitarbeiternummer, matricule, número de empleado, staff reference, user id, number, id, uid"
    ),
    "name": (
        "name, full name, person name, employee name, staff name, display name, worker name, agent name, host name, "
        "executive name, employee full name, legal name, preferred full name, post holder, post holder name, person, "
        "employee, agent, staff member, name of employee, nom complet, nombre completo, vollständiger name, cn"
    ),
    "first_name": (
        "first name, given name, forename, first names, forenames, given names, preferred name, first, fname, "
        "vorname, prénom"
    ),
    "last_name": (
        "last name, surname, family name, second name, last, lname, sn, nachname, familienname, nom de famille, "
        "apellidos"
    ),
    "email": (
        "email, email address, e mail, mail, work email, work email address, business email, business email address, "
        "company email, corporate email, office email address, primary email, login email, sign in email, e mail "
        "address, "
        "user principal name, upn, email work, email id, email primary work"
    ),
    "contact_email": (
        "contact email, contact e mail, contact email address, contact mail, contact address, office email, team "
        "email, "
        "team mailbox, shared mailbox"
    ),
    "level": (
        "level, grade or equivalent, grade, band, job level, management level, job grade, grade level, seniority "
        "level, rank"
    ),
    "business_unit": (
        "business unit, unit, business unit name, unit name, org unit, organisational unit, organizational unit, "
        "organisation unit, organization unit, division, department, dept, department name, directorate, business "
        "area, "
        "sub unit, cost center name, cost centre name, abteilung, département"
    ),
    "home_site": _PLACES,
    "site": _PLACES,
    "manager": (
        "manager, line manager, manager id, manager number, manager employee number, manager employee id, manager "
        "email, "
        "line manager id, line manager number, line manager email, reports to, reporting to, reports to senior post, "
        "supervisor, supervisor id, supervisor number, supervisor email, reports to post, reports to id, boss, "
        "vorgesetzter"
    ),
    "assistant": (
        "assistant, assistant id, assistant number, assistant email, executive assistant, pa, personal assistant, "
        "ea, secretary"
    ),
    "time_zone": "time zone, timezone, tz, time zone name, iana time zone",
    "languages": (
        "languages, language, languages spoken, spoken languages, language skills, language codes, sprachen, langues"
    ),
    "team": "team, team name, team code, squad, work group, workgroup, crew, queue",
    "function": (
        "function, job function, role, job title, job, title, position, position title, post title, job name, job role"
    ),
    "hired_on": (
        "hired on, hire date, date hired, date of hire, hired, original hire date, start date, employment start "
        "date, "
        "date of joining, joining date, date joined, joined on, join date, joined, employed since, service date, "
        "continuous service date, eintrittsdatum"
    ),
    "max_visits": (
        "max visits, maximum visits, visits, visits a season, visits per season, max visits per season, max "
        "visits a season"
    ),
    "nominated": "nominated, nomination, nominated by team lead, team lead nomination, nominated by",
}
_STATUS = (
    "status, employment status, assignment status, employee status, emp status, current, is current, active, "
    "is active, current flag"
)
_ENDED = (
    "end date, assignment end date, effective to, valid to, valid until, end, leaving date, termination date, to date"
)
_BEGAN = "assignment start date, effective from, valid from, effective date, from date, start date"

_SENSITIVE = re.compile(
    r"passwor|passwd|passphrase|passport|salar|wage|birth|nationalid|nationalinsurance|socialsecurity|socialinsurance"
    r"|gender|marital|religio|ethnic|disab|pregnan|sexual|orientation|remunerat|compensation|earnings|iban|bankaccount|sortcode"
    r"|nationality|maritalstatus|homeaddress|homephone|emergencycontact|sickleave|sickhours|vacationhours|medical|taxid|taxnumber"
    r"|tradeunion|criminal|gehalt|geburt|performancerating|appraisal|creditcard|driverslicen|hourlyrate|baserate"
)
_SENSITIVE_WORDS = frozenset(
    "pwd pin secret token pay payroll payscale payband paygrade bonus ssn dob nino sex age race tax bank "
    "health sickness "
    "illness caste religion rating nid lohn passwort kennwort ni".split()
)
_HEAD_COUNT = re.compile(
    r"headcount|numberofposts|numberofstaff|numberofemployees|postsinfte|staffnumbers|fulltimeequivalent"
)


def folded(header: str) -> str:
    """A header as words: camel case split, no punctuation, one case. ``Contact E-mail`` is ``contact e mail``."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", unicodedata.normalize("NFKC", header))
    return " ".join(re.sub(r"[\W_]+", " ", spaced.casefold()).split())


@cache
def squeezed(header: str) -> str:
    """A header's letters and figures only, so that ``Emp. No``, ``empNo`` and ``EMPNO`` are one."""
    return folded(header).replace(" ", "")


def _squeeze(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(squeezed(word) for word in words.split(",")))


WORDINGS = {field: _squeeze(words) for field, words in _WORDINGS.items()}
STATUS, ENDED, BEGAN = _squeeze(_STATUS), _squeeze(_ENDED), _squeeze(_BEGAN)
_KNOWN = frozenset().union(*WORDINGS.values(), STATUS, ENDED, BEGAN)
NAME_WORDINGS = frozenset(WORDINGS["name"] + WORDINGS["first_name"] + WORDINGS["last_name"])


@cache
def is_sensitive(header: str) -> bool:
    """Does this column hold what the program must never read: passwords, pay, birth, health, official ids?"""
    words = folded(header).split()
    return bool(_SENSITIVE.search("".join(words)) or _SENSITIVE_WORDS.intersection(words))


def is_head_count(header: str) -> bool:
    """Does this column count people, as files of posts and workforce returns do?"""
    return bool(_HEAD_COUNT.search(squeezed(header)))


def is_known_header(header: str) -> bool:
    """Is this text the name of a column that personnel files have?"""
    return 0 < len(header) <= 80 and (squeezed(header) in _KNOWN or is_head_count(header))
