#!/usr/bin/env bash
# The first command of the README, and what a person does after it, a restored password included.
set -euo pipefail

command=$(grep -m 1 -x 'cargo run -p axum-app' README.md)
place=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill -- "-$server" 2>/dev/null || true; rm -rf "$place"' EXIT
source ./.ci/answers.bash
set -m # a process group of its own for the server: cargo is only its parent

mailed_token() { # mailbox
    local page
    for _ in $(seq 40); do
        page=$(curl --silent "$1")
        if grep -oE 'restoring=[A-Za-z0-9_-]+' <<<"$page" | head -n 1 | cut -d = -f 2; then return; fi
        sleep 0.25
    done
    echo "no mail came" >&2
    return 1
}

live_through_it() { # address, mailbox
    local base=http://$1 old='a long wooden boat' new='a short iron ship' token bearer restoring
    expect 200 '.user.username == "ann@example.org"' "$base/auth/signup" \
        --json '{"email": "ann@example.org", "password": "'"$old"'"}'
    token=$(curl --silent "$base/auth/signin" --json '{"username": "ann@example.org", "password": "'"$old"'"}' | jq -er .token)
    bearer="Authorization: Bearer $token"
    expect 201 '.note.title == "Milk"' "$base/notes" --header "$bearer" --json '{"title": "Milk"}'
    expect 200 '.notes | length == 1' "$base/notes" --header "$bearer"
    expect 401 '.error.code == "token_missing"' "$base/notes"
    expect 200 '.status == 200' "$base/auth/restore" --json '{"email": "ann@example.org"}'
    restoring=$(mailed_token "$2")
    expect 200 '.message == "Password changed"' "$base/auth/restore" \
        --json '{"token": "'"$restoring"'", "new_password": "'"$new"'"}'
    expect 400 '.error.code == "restore_token"' "$base/auth/restore" \
        --json '{"token": "'"$restoring"'", "new_password": "'"$old"'"}'
    expect 401 '.error.code == "token_revoked"' "$base/notes" --header "$bearer"
    expect 200 '.token' "$base/auth/signin" --json '{"username": "ann@example.org", "password": "'"$new"'"}'
    answers "$1"
}

for app in axum-app actix-app; do
    export BIND_ADDR=127.0.0.1:$(free_port) DATABASE_URL=sqlite://$place/$app.db
    echo "\$ ${command/axum-app/$app}"
    cargo build --quiet -p "$app"
    bash -c "${command/axum-app/$app}" >"$place/log" 2>&1 &
    server=$!
    wait_for "http://$BIND_ADDR/app/" || { cat "$place/log" >&2; exit 1; }
    live_through_it "$BIND_ADDR" "$(grep -oE 'http://[^ ]+/dev/mailbox[^ ]*' "$place/log")"
    kill -- "-$server"
    wait "$server" || true
    server=
    echo "notes kept, password restored by mail, the old session ended"
done
