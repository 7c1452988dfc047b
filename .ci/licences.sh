#!/usr/bin/env bash
# Every licence that a library crate carries is one that an MIT or Apache-2.0 library can carry.
set -euo pipefail

allowed=.ci/licences.txt
found=$(
    for package in auth-core auth-axum auth-actix auth-sqlx auth-redis; do
        cargo tree --quiet --locked --edges normal --target all --all-features --prefix none \
            --format '{p}	{l}' -p "$package"
    done | awk -F '\t' '{ sub(/ v.*/, "", $1); sub(/ \(\*\)$/, "", $2); print $1 "\t" $2 }' | sort -u
)
[ "$(wc -l <<<"$found")" -gt 50 ]

# A line of the list is a licence expression, or `crate: expression` for one crate alone.
refused=$(awk -F '\t' '
    NR == FNR { if ($0 !~ /^#/ && $0 != "") allowed[$0]; next }
    !($2 in allowed) && !(($1 ": " $2) in allowed) { print $1 ": " ($2 == "" ? "(none)" : $2) }
' "$allowed" <(printf '%s\n' "$found"))

if [ -n "$refused" ]; then
    printf 'licences that nobody has judged yet:\n%s\n' "$refused" >&2
    exit 1
fi
printf '%s crates, %s licence expressions; by name: %s\n' "$(wc -l <<<"$found")" \
    "$(cut -f 2 <<<"$found" | sort -u | wc -l)" "$(grep -E '^[a-z0-9_-]+: ' "$allowed" | tr '\n' ' ')"
