"""What people do in the smoke test: follow the links in their mails and press buttons, through the real pages.

``python -m tests.smoke.people STEP`` with the settings in the environment, as tests/smoke/chain.sh sets them.
"""

from __future__ import annotations

import csv
import email
import email.policy
import json
import os
import re
import sys
from datetime import date, timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floorprogram.settings")
import django

django.setup()

from django.conf import settings
from django.test import Client

from issues.models import Issue
from people.models import Executive, User
from shadowing.models import Visit, VisitState
from surveys.models import Response

# A fresh clone has collected no static files; their addresses are enough here
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
SITE = {"slug": "bothell", "name": "Bothell", "time_zone": "UTC", "visits_a_day": 6}
ANSWERS = {"worthwhile": "1", "floor-share": "4", "staged": "0", "again": "1", "change": "Longer at my desk."}


def season(season_file: str, away_file: str) -> None:
    """Write a season that starts today (opened even on a weekend), and a day nobody named first can come."""
    today = date.today()  # noqa: DTZ011 - the site's zone is UTC
    days = [today + timedelta(days=shift) for shift in range(12)]
    data = {
        "program": "Back to the Floor",
        "name": "Smoke",
        "slug": "smoke",
        "starts_on": days[0].isoformat(),
        "ends_on": days[-1].isoformat(),
        "sites": [SITE | {"open_days": [days[0].isoformat()]}],
        "rules": {"other_business_unit": False},
        "executives": "all",
        "hosts": "all",
        "preferred": [{"executive": one.user.key, "dates": [days[0].isoformat()]} for one in _executives()[:3]],
    }
    Path(season_file).write_text(json.dumps(data))
    with Path(away_file).open("w", newline="") as file:
        csv.writer(file).writerows([["person", "date"], [_executives()[-1].user.key, days[0].isoformat()]])


def _executives() -> list[Executive]:
    return list(Executive.objects.select_related("user").order_by("user__name_key"))


def check_plan() -> None:
    """The plan that plan_season printed is proven and places everybody."""
    plan = json.load(sys.stdin)
    print({name: plan[name] for name in ("plan", "status", "placed", "objective", "bound", "gap", "seconds")})
    assert plan["status"] == "optimal", plan["status"]
    assert plan["gap"] == 0, plan["gap"]
    assert plan["placed"] == len(_executives()), plan["unplaced"]


def accept() -> None:
    """Everybody invited opens the link in the invitation and accepts."""
    for visit in Visit.objects.filter(state=VisitState.INVITED).select_related("executive__user", "host__user"):
        for person in (visit.executive.user, visit.host.user):
            mail = mails(person)[-1]
            part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
            assert part.get_param("method") == "REQUEST"
            link = links(mail)[0]
            assert Client().get(link, headers={"host": "127.0.0.1"}).status_code == 200
            assert not Visit.objects.filter(pk=visit.pk, state=VisitState.CONFIRMED).exists(), "a GET acted"
            assert post(Client(), link, {"answer": "yes"}) == 200
    assert not Visit.objects.filter(state=VisitState.INVITED).exists()
    print(f"{Visit.objects.filter(state=VisitState.CONFIRMED).count()} visits confirmed")


def hold() -> None:
    """The executives of today's visits check in."""
    visits = list(Visit.objects.filter(state=VisitState.CONFIRMED, date=date.today()))  # noqa: DTZ011
    assert visits, "no visit today"
    for visit in visits:
        assert post(signed_in(visit.executive.user), f"/visits/{visit.uuid}/check-in/", {}) == 302
    print(f"{Visit.objects.held().count()} visits held")


def take_away() -> None:
    """Each of them takes an issue away."""
    for visit in Visit.objects.held():
        form = {
            "title": "Two screens for one refund",
            "obstacle": "The account number is typed twice.",
            "promise": "You type it once.",
            "target_date": (visit.date + timedelta(days=60)).isoformat(),
        }
        assert post(signed_in(visit.executive.user), f"/issues/take-away/{visit.uuid}/", form) == 302
    assert Issue.objects.count() == Visit.objects.held().count()
    print(f"{Issue.objects.count()} issues taken away")


def update() -> None:
    """The first owner answers the reminder by its link, without a sign-in."""
    issue = first_issue()
    link = next(link for link in links(mails(issue.owner.user)[-1]) if "answer=moved" in link)
    assert post(Client(), link, {"text": "In test with two of your colleagues.", "host_reads": "on"}) == 302
    issue.refresh_from_db()
    assert issue.state == "in_progress", issue.state
    print(f"issue {issue.number}: {issue.state}")


def deliver() -> None:
    """The owner says that it is delivered."""
    issue = first_issue()
    form = {"text": "One screen since Monday.", "impact": "A minute a call.", "version": issue.version}
    assert post(signed_in(issue.owner.user), f"/issues/{issue.number}/deliver/", form) == 302


def confirm() -> None:
    """The host says by the link that it helps."""
    issue = first_issue()
    assert post(Client(), links(mails(issue.promised_to.user)[-1])[0], {"answer": "yes", "word": "yes"}) in (200, 302)
    issue.refresh_from_db()
    assert issue.state == "confirmed", issue.state
    print(f"issue {issue.number}: {issue.state}")


def survey() -> None:
    """Every host answers by the link in the mail."""
    for visit in Visit.objects.held():
        link = next(link for mail in mails(visit.host.user) for link in links(mail) if "/surveys/answer/" in link)
        assert post(Client(), link, ANSWERS) == 302
    print(f"{Response.objects.count()} surveys answered")


def check_report() -> None:
    """Held of due, and everybody took an issue away."""
    report = json.load(sys.stdin)
    row = dict(zip(report["columns"], report["rows"][0], strict=True))
    print(row)
    assert row["held"] == row["took_away"] == Visit.objects.held().count()


def first_issue() -> Issue:
    return Issue.objects.select_related("owner__user", "promised_to__user").order_by("number")[0]


def mails(person: User) -> list[email.message.EmailMessage]:
    """The person's mails, oldest first."""
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    found = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]
    return [mail for mail in found if person.address in str(mail["To"])]


def links(mail: email.message.EmailMessage) -> list[str]:
    """The one-click links of a mail, in order, without the site's address."""
    text = mail.get_body(("plain",)).get_content()
    return re.findall(rf"{re.escape(settings.SITE_URL)}(/(?:act|surveys/answer)/\S+)", text)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(client: Client, path: str, data: dict[str, object]) -> int:
    """Send a form; the status of the answer."""
    answer = client.post(path, data, headers={"host": "127.0.0.1"})
    if answer.status_code >= 400:
        print(answer.content.decode()[-3000:])
    return answer.status_code


STEPS = (season, check_plan, accept, hold, take_away, update, deliver, confirm, survey, check_report)

if __name__ == "__main__":
    {step.__name__.replace("_", "-"): step for step in STEPS}[sys.argv[1]](*sys.argv[2:])
