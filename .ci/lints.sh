#!/usr/bin/env bash
# Format, lints and documentation.
set -euo pipefail

cargo fmt --all --check
cargo clippy --workspace --all-targets -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps
