#!/usr/bin/env bash
# Who may depend on whom, by the trees that cargo resolves.
set -euo pipefail

failed=0

crates_of() { # package and flags for cargo tree: the names of all crates that end up in a build
    cargo tree --quiet --locked --edges normal,build --target all --prefix none --format '{p}' -p "$@" |
        cut -d ' ' -f 1 | sort -u
}

without() { # a pattern for whole names, then package and flags
    local pattern=$1 names found
    shift
    names=$(crates_of "$@")
    if ! grep -qxF "$1" <<<"$names"; then
        echo "the tree of $1 could not be read" >&2
        failed=1
    elif found=$(grep -Ex "$pattern" <<<"$names"); then
        printf '%s has: %s\n' "$*" "$(tr '\n' ' ' <<<"$found")" >&2
        failed=1
    else
        printf 'ok  %-26s %4d crates\n' "$*" "$(wc -l <<<"$names")"
    fi
}

web='axum(-.*)?|actix(-.*)?|hyper|tower|tower-.*'
sql='sqlx(-.*)?|libsqlite3-sys|redis'
ours='auth-axum|auth-actix|auth-sqlx|auth-redis'
unwanted='openssl(-.*)?|native-tls|rsa'

echo "Frameworks and SQL stay where they belong:"
# auth-core knows no framework, no database and none of the crates above it, whatever its features.
without "$web|$sql|$ours" auth-core --all-features
# An adapter knows no store and not the other framework; a store knows no HTTP.
without "$sql|auth-actix|auth-sqlx|auth-redis|actix(-.*)?" auth-axum --all-features
without "$sql|auth-axum|auth-sqlx|auth-redis|axum(-.*)?" auth-actix --all-features
without "$web|auth-axum|auth-actix|auth-redis|redis" auth-sqlx --all-features
without "$web|auth-axum|auth-actix|auth-sqlx|sqlx(-.*)?" auth-redis --all-features
echo "Nothing unwanted by default:"
for package in auth-core auth-axum auth-actix auth-sqlx auth-redis axum-app actix-app own-table; do
    without "$unwanted" "$package"
done

without "$unwanted" auth-sqlx --all-features

# The guards can find something at all.
crates_of auth-axum | grep -qx axum
crates_of auth-core --features rust-crypto | grep -qx rsa

exit "$failed"
