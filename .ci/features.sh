#!/usr/bin/env bash
# Each library crate compiles alone: with nothing, with each of its features, with all of them.
set -euo pipefail

check() {
    echo "\$ cargo check $*"
    cargo check --quiet --locked "$@"
}

for package in auth-core auth-axum auth-actix auth-sqlx auth-redis; do
    features=$(cargo metadata --locked --no-deps --format-version 1 |
        jq -r --arg name "$package" '.packages[] | select(.name == $name) | .features | keys[] | select(. != "default")')
    check -p "$package"
    check -p "$package" --no-default-features
    for feature in $features; do
        check -p "$package" --no-default-features --features "$feature"
    done
    if [ -n "$features" ]; then
        check -p "$package" --all-features
    fi
done

# In a build of the whole workspace a crypto feature is always on, so that this is nowhere else tried.
cargo test --quiet --locked -p auth-core --lib token::
# A host may well turn on both: neither may get in the way of the other.
check -p auth-core --no-default-features --features aws-lc-rs,rust-crypto
echo "The declared rust-versions were not tried: there is one toolchain, $(rustc --version)."
