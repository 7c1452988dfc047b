#!/usr/bin/env bash
# Copies the two applications of the README into new crates, exactly as they stand there, builds
# them from nothing, starts them and asks them what a newcomer would.
set -euo pipefail

place=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$place"' EXIT
ln -s "$PWD" "$place/auth"
readme=$PWD/README.md
source ./.ci/answers.bash
source ./.ci/blocks.bash

make_crate() { # name
    mkdir -p "$place/$1/src"
    {
        printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n\n' "$1"
        block "$readme" "$1 Cargo.toml"
    } >"$place/$1/Cargo.toml"
    block "$readme" "$1 src/main.rs" >"$place/$1/src/main.rs"
    cp Cargo.lock "$place/$1/"
}

start() { # name
    BIND_ADDR=127.0.0.1:$(free_port)
    export BIND_ADDR
    (cd "$place/$1" && exec "$CARGO_TARGET_DIR/debug/$1") >"$place/$1/log" 2>&1 &
    server=$!
    wait_for "http://$BIND_ADDR/auth/" || { cat "$place/$1/log" >&2; exit 1; }
}

stop() {
    kill "$server"
    wait "$server" || true
    server=
}

ask_as_the_readme_does() { # name
    (cd "$place/$1" && block "$readme" requests | sed "s/localhost:3000/$BIND_ADDR/g" | bash -euo pipefail >answers 2>/dev/null)
    [ "$(jq -rs '.[-1].username' "$place/$1/answers")" = ann@example.org ]
}

export CARGO_TARGET_DIR=$CARGO_TARGET_DIR/readme
rm -rf "$CARGO_TARGET_DIR"
eval "$(block "$readme" settings)"

for app in axum-app actix-app; do
    make_crate "$app"
    begun=$SECONDS
    cargo build --quiet --manifest-path "$place/$app/Cargo.toml"
    crates=$(cargo tree --quiet --edges normal,build --prefix none --format '{p}' --manifest-path "$place/$app/Cargo.toml" |
        cut -d ' ' -f 1,2 | sort -u | wc -l)
    printf '%s: %s lines, %d crates, built in %d s\n' "$app" \
        "$(grep -c . "$place/$app/src/main.rs")" "$crates" $((SECONDS - begun))

    start "$app"
    ask_as_the_readme_does "$app"
    answers "$BIND_ADDR"
    stop
done
