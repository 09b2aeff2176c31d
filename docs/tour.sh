#!/usr/bin/env bash
# The main job from end to end, against a running server: a class with one place, two workers, one trainer.
#
#   make run                 # in one terminal
#   docs/tour.sh             # in another, half a minute; again once B's lesson is over, or with another PERSONA_B
#
# It speaks HTTP with curl and reads JSON with python3, so it can be read as a description of the API. The last step
# runs an operators' command and looks into the database, so it belongs on the server's machine, with the server's
# DATA_DIR and DATABASE_URL. Settings, each with its default:
set -euo pipefail
cd "$(dirname "$0")/.."

BASE_URL=${BASE_URL:-http://127.0.0.1:${PORT:-8000}}
PERSONA_A=${PERSONA_A:-worker-0001}
PERSONA_B=${PERSONA_B:-worker-0002}
STAFF=${STAFF:-city}
TRAINER=${TRAINER:-trainer1}
STAFF_PASSWORD=${STAFF_PASSWORD:-$(cat "${DATA_DIR:-var}/demo-password")} # `make run` prints it
LESSON_IN=${LESSON_IN:-25}                                                # seconds until the lesson begins
PYTHON=${PYTHON:-.venv/bin/python}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

step() { printf '\n%s\n' "== $*"; }
told() { printf '   %s\n' "$*"; }
fail() {
  printf '\nThe tour ends here: %s\n' "$*" >&2
  exit 1
}

# call STATUS METHOD PATH [curl's options]: the body of the answer, which must have this status.
call() {
  local expected=$1 method=$2 path=$3 status
  shift 3
  status=$(curl -sS -o "$work/body" -w '%{http_code}' -X "$method" -H 'Content-Type: application/json' "$@" \
    "$BASE_URL$path")
  [[ $status == "$expected" ]] || fail "$method $path answered $status, not $expected: $(cat "$work/body")"
  cat "$work/body"
}

# read a field of the JSON on standard input: `field receipt.sequence`, `field items.0.id`.
field() {
  python3 -c '
import json, sys
value = json.load(sys.stdin)
for name in sys.argv[1].split("."):
    value = value[int(name)] if isinstance(value, list) else value[name]
print(value)' "$1"
}

# the time so many seconds from now, as the API wants it: with its offset.
in_seconds() { python3 -c 'import datetime, sys
print((datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=int(sys.argv[1]))).isoformat())' "$1"; }

bearer() { printf 'Authorization: Bearer %s' "$1"; }

step "Sign in: a worker by WeChat, staff by account and password"
# The sandbox taps login in WeChat's place; the code it gives works once, for five minutes.
sign_in_worker() {
  local code
  code=$(call 200 POST /sandbox/wx/login -d "{\"persona\": \"$1\"}" | field code)
  call 200 POST /api/v1/auth/wechat -d "{\"code\": \"$code\"}"
}
sign_in_staff() {
  call 200 POST /api/v1/auth/staff -d "{\"account\": \"$1\", \"password\": \"$STAFF_PASSWORD\"}"
}
signed_in=$(sign_in_worker "$PERSONA_A")
A=$(field access_token <<<"$signed_in")
A_NAME=$(field person.name <<<"$signed_in")
signed_in=$(sign_in_worker "$PERSONA_B")
B=$(field access_token <<<"$signed_in")
B_NAME=$(field person.name <<<"$signed_in")
signed_in=$(sign_in_staff "$TRAINER")
TEACHER=$(field access_token <<<"$signed_in")
TEACHER_ID=$(field person.id <<<"$signed_in")
OFFICE=$(sign_in_staff "$STAFF" | field access_token)
told "A is $A_NAME, B is $B_NAME; $STAFF plans, $TRAINER teaches"

step "Staff plan a course and a class with one place, appoint the trainer, and publish"
course=$(call 201 POST /api/v1/staff/training/courses -H "$(bearer "$OFFICE")" -d '{
  "title": "茶艺师（五级）导览课", "occupation_code": "4-03-02-07", "level": 5, "industry": "tea", "hours": 1,
  "fund_source": "union"}' | field id)
starts_at=$(in_seconds "$LESSON_IN")
starts_at_s=$(($(date +%s) + LESSON_IN))
class=$(call 201 POST /api/v1/staff/training/classes -H "$(bearer "$OFFICE")" -d "{
  \"course_id\": $course, \"place\": \"普洱市职工之家\", \"capacity\": 1, \"waiting_capacity\": 5,
  \"opens_at\": \"$(in_seconds -60)\", \"closes_at\": \"$starts_at\",
  \"lessons\": [{\"starts_at\": \"$starts_at\", \"ends_at\": \"$(in_seconds $((LESSON_IN + 60)))\",
                 \"mode\": \"on_site\", \"room\": \"302\", \"hours\": 1}]}" | field id)
call 200 PUT "/api/v1/staff/training/classes/$class/trainers" -H "$(bearer "$OFFICE")" \
  -d "{\"main_id\": $TEACHER_ID}" >/dev/null
published=$(call 200 POST "/api/v1/staff/training/classes/$class/publish" -H "$(bearer "$OFFICE")")
lesson=$(field lessons.0.id <<<"$published")
told "class $class is $(field state <<<"$published"); its lesson $lesson begins at $starts_at"

step "A sees that booking is possible, and takes the place"
ok=$(call 200 GET "/api/v1/training/classes/$class" -H "$(bearer "$A")" | field my_eligibility.ok)
[[ $ok == True ]] || fail "A may not book: $(cat "$work/body")"
book() { call 201 POST "/api/v1/training/classes/$class/bookings" -H "$(bearer "$1")" -H "Idempotency-Key: $2" -d '{}'; }
key_a="tour-a-$class-$RANDOM"
book "$A" "$key_a" >"$work/first"
A_BOOKING=$(field id <"$work/first")
[[ $(field state <"$work/first") == booked ]] || fail "A was not booked"
told "booked, number $(field receipt.sequence <"$work/first"), hash $(field receipt.hash <"$work/first" | cut -c1-16)..."

step "The same key again: the same bytes, and no second booking"
book "$A" "$key_a" >"$work/second"
cmp "$work/first" "$work/second" || fail "the answers differ"
told "$(wc -c <"$work/first") bytes, equal"

step "B comes second and waits"
booked=$(book "$B" "tour-b-$class-$RANDOM")
B_BOOKING=$(field id <<<"$booked")
[[ $(field state <<<"$booked") == waitlisted ]] || fail "B does not wait"
told "waiting, position $(field position <<<"$booked")"

step "A gives the place back; it is offered to B at once, for a limited time"
call 200 POST "/api/v1/bookings/$A_BOOKING/cancel" -H "$(bearer "$A")" >/dev/null
offer=$(call 200 GET "/api/v1/bookings/$B_BOOKING" -H "$(bearer "$B")")
[[ $(field state <<<"$offer") == offered ]] || fail "B was offered nothing"
told "offered until $(field offer_expires_at <<<"$offer")"

step "B accepts"
state=$(call 200 POST "/api/v1/bookings/$B_BOOKING/accept" -H "$(bearer "$B")" | field state)
[[ $state == booked ]] || fail "B is $state"
told "B is booked"

step "The trainer shows the rotating code, B checks in with it"
code=$(call 200 GET "/api/v1/staff/training/lessons/$lesson/code" -H "$(bearer "$TEACHER")" | field code)
check_in() {
  call 200 POST /api/v1/training/attendance -H "$(bearer "$B")" -H "Idempotency-Key: tour-in-$lesson" \
    -d "{\"code\": \"$code\", \"device\": \"tour\"}"
}
check_in >"$work/first"
[[ $(field state <"$work/first") == present ]] || fail "B is not present"
check_in >"$work/second"
cmp "$work/first" "$work/second" || fail "the answers differ"
told "$(field detail <"$work/first"); scanned twice, answered the same"

step "A has no place in the class and cannot check in"
call 403 POST /api/v1/training/attendance -H "$(bearer "$A")" -d "{\"code\": \"$code\"}" >/dev/null
told "$(field detail <"$work/body")"

step "The lesson begins, and the trainer seals the sheet"
left=$((starts_at_s + 1 - $(date +%s)))
if ((left > 0)); then sleep "$left"; fi
sealed=$(call 200 POST "/api/v1/staff/training/lessons/$lesson/seal" -H "$(bearer "$TEACHER")" -d '{"confirm": true}')
told "sealed at $(field sealed_at <<<"$sealed")"

step "The workbook of the sheet names B and not A"
call 200 GET "/api/v1/staff/training/lessons/$lesson/sheet.xlsx" -H "$(bearer "$TEACHER")" >"$work/sheet.xlsx"
names() { # a workbook is a zip of XML files
  python3 -c '
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as book:
    text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
sys.exit(sys.argv[2] not in text)' "$work/sheet.xlsx" "$1"
}
names "$B_NAME" || fail "B is not in the workbook"
if names "$A_NAME"; then fail "A is in the workbook"; fi
told "$B_NAME is in it, $A_NAME is not"

step "flask audit bookings recounts every promise; a row broken by hand is found"
audit() { "$PYTHON" -m flask --app wsgi audit bookings; }
taken() { # set the number of places the class's offering says are taken
  "$PYTHON" - "$class" "$1" <<'PY'
import os
import sys

from sqlalchemy import text

from blueprints.app import create_app
from config.settings import load
from service.core.db import db

change = text("UPDATE offerings SET taken = :taken WHERE kind = 'training_class' AND subject_id = :subject_id")
with create_app(load(os.environ)).app_context(), db.engine.begin() as connection:
    connection.execute(change, {"subject_id": int(sys.argv[1]), "taken": int(sys.argv[2])})
PY
}
audit || fail "the audit found something before anything was broken"
taken 0 # one is booked
trap 'taken 1; rm -rf "$work"' EXIT
found=0
audit || found=$?
taken 1
trap 'rm -rf "$work"' EXIT
[[ $found == 2 ]] || fail "the audit ended with $found, not 2"
audit || fail "the row is mended, the audit still complains"

printf '\nThe tour is complete.\n'
