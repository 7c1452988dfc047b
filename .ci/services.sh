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
want chromium chromium
want chromedriver chromium-driver
want npm npm

if [ ${#packages[@]} -gt 0 ]; then
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -qq --yes --no-install-recommends "${packages[@]}" >/dev/null
    echo "installed: ${packages[*]}"
fi

/usr/bin/python3 -c 'import aiosmtpd; print("aiosmtpd", aiosmtpd.__version__)'

# The engine that judges the accessibility of the pages: one file, in a version that was looked at.
axe=axe-core-4.14.1
if [ ! -f target/axe-core/package/axe.min.js ]; then
    mkdir -p target/axe-core
    npm pack "${axe/core-/core@}" --silent --pack-destination target/axe-core >/dev/null
    tar -xzf "target/axe-core/$axe.tgz" -C target/axe-core package/axe.min.js
fi
echo "$axe, $(chromium --version)"

cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
rustc --version
cargo metadata --locked --no-deps --format-version 1 >/dev/null || {
    echo "Cargo.lock does not fit the manifests" >&2
    exit 1
}
