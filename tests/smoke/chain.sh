#!/usr/bin/env bash
# The whole chain on a real roster: roster file, season, proven plan, published visits with invitations, held visit,
# take-away, reminder, delivered, confirmed by the host, hosting survey, participation report.
# What the program does runs as management commands; what people do (follow a link in a mail, press a button) is
# tests/smoke/people.py. Uses DATABASE_URL and CELERY_BROKER_URL where set (an empty database), else SQLite of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SECRET_KEY=only-for-the-smoke-test-0123456789-abcdefghijklmnopqrstuv DEBUG=off DEMO=off SITE_URL=http://127.0.0.1:8000
export ALLOWED_HOSTS=127.0.0.1,localhost CACHE_URL=locmemcache:// EMAIL_URL="filemail:///$work/mail" WEB_CONCURRENCY=1
export DATABASE_URL="${DATABASE_URL:-sqlite:///$work/chain.sqlite3}" CELERY_BROKER_URL="${CELERY_BROKER_URL:-memory://}"
roster=tests/data/rosters/adventureworks_DimEmployee_head.psv
python=.venv/bin/python

manage() { "$python" manage.py "$@"; }
people() { "$python" -m tests.smoke.people "$@"; }
step() { printf '\n== %s\n' "$*"; }
# eleven o'clock so many days on, or on the Monday after: reminders wait for working days
later() { "$python" -c "
from datetime import UTC, datetime, timedelta
day = datetime.now(UTC).replace(hour=11) + timedelta(days=$1)
print((day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)).isoformat())"; }

step "an empty database"
manage migrate --verbosity 0
step "roster: executives, then hosts; the same file again changes nothing"
columns=(--no-header --map employee_number=#4 name=#7+#8 email=#15)
manage import_roster "$roster" --kind executives "${columns[@]}" --where '#11~Manager' --json
manage import_roster "$roster" --kind hosts "${columns[@]}" hired_on=#12 team=#28 function=#11 \
  --where '#11~Technician' --default site=Bothell --json
manage import_roster "$roster" --kind executives "${columns[@]}" --where '#11~Manager' | grep -i 'unchanged'
step "a season that starts today, and the days an executive cannot"
people season "$work/season.json" "$work/away.csv"
manage apply_season "$work/season.json"
manage import_unavailable "$work/away.csv"
step "a proven plan, published"
manage plan_season smoke --seconds 20 --json | people check-plan
manage publish_season smoke
manage send_outbox
step "both sides accept by the links in their mails; the visit is held; the executive takes an issue away"
people accept
people hold
people take-away
step "two weeks and a bit later the update is due; the reminder's link answers it"
manage sweep_reminders --at "$(later 16)"
manage send_outbox
people update
step "delivered; the host confirms by the link in the mail"
people deliver
manage send_outbox
people confirm
step "the hosting survey, by its link"
manage sweep_reminders --at "$(later 1)"
manage send_outbox
people survey
step "the report"
manage export_report participation --season smoke --format json | people check-report
manage export_report outbox --format csv | head -3
printf '\nThe chain holds.\n'
