#!/usr/bin/env bash
# Installs what the tests and the other steps need and do not find.
set -euo pipefail

packages=()
want() { # a command, the package that brings it
    command -v "$1" >/dev/null || packages+=("$2")
}
want cc build-essential
want curl curl
want git git
want jq jq
want python3 python3
want sqlite3 sqlite3
# The packaged server belongs to the packaged Python, which need not be the first one in PATH.
/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || packages+=(python3-aiosmtpd)

if [ ${#packages[@]} -gt 0 ]; then
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -qq --yes --no-install-recommends "${packages[@]}" >/dev/null
    echo "installed: ${packages[*]}"
fi

/usr/bin/python3 -c 'import aiosmtpd; print("aiosmtpd", aiosmtpd.__version__)'
cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
rustc --version
cargo metadata --locked --no-deps --format-version 1 >/dev/null || {
    echo "Cargo.lock does not fit the manifests" >&2
    exit 1
}
