"""``import_roster`` as scripts use it: one JSON object, sentences, and exit statuses."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from people.models import User
from tests.people.rosters import FOLDER

DVLA = str(FOLDER / "uk_dvla_2011-03_senior.csv")
JUNIOR = str(FOLDER / "uk_dvla_2011-09_junior.csv")


def run(*arguments):
    out = io.StringIO()
    call_command("import_roster", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_json_holds_what_scripts_rely_on():
    told = json.loads(run(str(FOLDER / "uk_passport-service_2011-09_senior.csv"), "--kind", "executives", "--json"))

    assert (told["added"], told["changed"], told["unchanged"], told["leavers"]) == (3, 0, 0, 0)
    assert told["rejected"][0] == {"line": 2, "column": "Name", "reason": "nobody in this post ('Eliminated')"}
    assert all(set(warning) == {"line", "column", "reason"} for warning in told["warnings"])


@pytest.mark.django_db
def test_a_dry_run_writes_nothing():
    assert json.loads(run(DVLA, "--kind=executives", "--dry-run", "--json"))["added"] == 7
    assert not User.objects.exists()


@pytest.mark.django_db
def test_plain_sentences_without_json():
    assert run(DVLA, "--kind", "executives").startswith("7 added, 0 changed, 0 unchanged, 0 rejected, 0 leavers.\n")


@pytest.mark.django_db
def test_columns_conditions_and_defaults():
    file = str(FOLDER / "adventureworks_DimEmployee_head.psv")
    options = ["--map=employee_number=#4", "--map=name=#7+#8", "--where=#31=Current", "--default=site=atlanta"]
    told = json.loads(run(file, "--kind=hosts", "--no-header", "--json", *options))

    assert told["added"] == 58
    assert told["created"]["sites"] == ["Atlanta"]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ([JUNIOR, "--kind=executives"], 1, "not a people file"),
        (["/nowhere.csv", "--kind=executives"], 1, "cannot be read"),
        ([DVLA, "--kind=executives", "--map=name"], 2, "FIELD=VALUE"),
        ([DVLA, "--kind=hosts"], 1, "site"),
    ],
)
@pytest.mark.django_db
def test_refusals_and_wrong_usage(arguments, status, words):
    with pytest.raises(CommandError, match=words) as caught:
        run(*arguments)
    assert caught.value.returncode == status


def test_exit_statuses_of_the_process():
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, str(root / "manage.py"), "import_roster"]
    environment = {**os.environ, "DATABASE_URL": "sqlite://:memory:"}
    refused = subprocess.run(
        [*command, "/nowhere.csv", "--kind=hosts"], env=environment, capture_output=True, text=True, check=False
    )
    wrong = subprocess.run([*command, "/nowhere.csv"], env=environment, capture_output=True, text=True, check=False)

    assert (refused.returncode, wrong.returncode) == (1, 2)
    assert refused.stdout == ""
    assert "cannot be read" in refused.stderr
