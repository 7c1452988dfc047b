#!/usr/bin/env bash
# Installs what the tests and the other steps need and do not find.
set -euo pipefail

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

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
# A server whose address is set is somebody else's to start. The tests that stop a server start one
# of their own with the same programs.
[ -n "${AUTH_TESTS_POSTGRES:-}" ] || want pg_ctlcluster postgresql
[ -n "${AUTH_TESTS_MYSQL:-}" ] || want mariadbd mariadb-server
[ -n "${AUTH_TESTS_REDIS:-}" ] || want redis-server redis-server
# The packaged server belongs to the packaged Python, which need not be the first one in PATH.
/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || packages+=(python3-aiosmtpd)
want chromium chromium
want chromedriver chromium-driver
want npm npm
python3 -c 'import ensurepip' 2>/dev/null || packages+=(python3-venv)

if [ ${#packages[@]} -gt 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -qq
    as_root apt-get install -qq --yes --no-install-recommends "${packages[@]}" >/dev/null
    echo "installed: ${packages[*]}"
fi

listens() { # a port of this machine
    (: >"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

start() { # its name, its port, the name of its service
    listens "$2" || as_root service "$3" start >/dev/null
    for _ in $(seq 60); do
        listens "$2" && { echo "$1 listens on port $2"; return; }
        sleep 0.5
    done
    echo "$1 does not listen on port $2" >&2
    exit 1
}

fresh() { # whether this run has installed the package
    [[ " ${packages[*]-} " == *" $1 "* ]]
}

# The tests sign in over TCP, as postgres and as root, without a password. A server that was here
# before keeps its rules: where they forbid that, AUTH_TESTS_POSTGRES and AUTH_TESTS_MYSQL tell how.
if [ -z "${AUTH_TESTS_POSTGRES:-}" ]; then
    start PostgreSQL 5432 postgresql
    if fresh postgresql; then
        rules=$(as_root find /etc/postgresql -name pg_hba.conf)
        as_root sed -i '1i host all postgres 127.0.0.1/32 trust' "$rules"
        as_root service postgresql reload >/dev/null
    fi
    psql -qAtw -h 127.0.0.1 -U postgres -c 'SHOW server_version'
fi
if [ -z "${AUTH_TESTS_MYSQL:-}" ]; then
    start MariaDB 3306 mariadb
    if fresh mariadb-server; then
        as_root mariadb -e "ALTER USER root@localhost IDENTIFIED VIA mysql_native_password USING PASSWORD('')"
    fi
    mariadb -h 127.0.0.1 -u root -NBe 'SELECT version()'
fi

if [ -z "${AUTH_TESTS_REDIS:-}" ]; then
    start Redis 6379 redis-server
    redis-cli -h 127.0.0.1 INFO server | grep redis_version
fi

/usr/bin/python3 -c 'import aiosmtpd; print("aiosmtpd", aiosmtpd.__version__)'

# Django in the version of the service that is taken over, and what its hashes and tokens need.
django=(Django==4.2.30 PyJWT==2.15.1 argon2-cffi==25.1.0 bcrypt==5.0.0 'psycopg[binary]==3.3.9')
if [ "$(cat target/django-venv/made-of 2>/dev/null)" != "${django[*]}" ]; then
    rm -rf target/django-venv
    mkdir -p target
    python3 -m venv target/django-venv
    target/django-venv/bin/pip install --quiet --disable-pip-version-check "${django[@]}"
    echo "${django[*]}" >target/django-venv/made-of
fi
target/django-venv/bin/python -c 'import django; print("Django", django.get_version())'

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
