#!/usr/bin/env bash
# Does every step of the tutorial in an empty folder, on axum and on actix-web, and compares what is
# printed with what the page says. Then runs the marked commands of two other pages on its database.
set -euo pipefail

checkout=$PWD
guide=$PWD/docs/guide
place=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill -- "-$server" 2>/dev/null || true; rm -rf "$place"' EXIT
source ./.ci/answers.bash
source ./.ci/blocks.bash
set -m # a process group of its own for the server: cargo is only its parent

step() { # the name of a block, its text on standard input
    local text file=${1#file }
    text=$(at_our_port)
    case $1 in
    run) source /dev/stdin >"$place/printed" <<<"$text" ;;
    prints) compare "$(cat "$place/printed")" "$text" ;;
    serve) serve "$text" ;;
    "file "*) printf '%s\n' "$(of_the_framework "$file" || echo "$text")" >"$file" ;;
    "actix "*) ;; # stands in for a file
    *) echo "no step is called $1" >&2; return 1 ;;
    esac
    if [ "$file" = Cargo.toml ]; then cp "$checkout/Cargo.lock" .; fi
}

at_our_port() {
    sed -E "s/(localhost|127\.0\.0\.1):3000/\1:$port/g"
}

of_the_framework() { # file
    [ "$framework" = actix ] && block "$guide/tutorial.md" "actix $1" | at_our_port
}

serve() { # command
    cargo build --quiet
    bash -c "$1" >"$place/log" 2>&1 &
    server=$!
    wait_for "http://127.0.0.1:$port/" || { cat "$place/log" >&2; return 1; }
}

compare() { # what was printed, what the page says
    python3 - "$1" "$2" <<'PYTHON' || { printf 'printed:\n%s\nthe page says:\n%s\n' "$1" "$2" >&2; return 1; }
import re, sys
printed, said = (text.replace('\r', '').strip() for text in sys.argv[1:])
sys.exit(not re.fullmatch('.+'.join(map(re.escape, said.split('…'))), printed))
PYTHON
}

export CARGO_TARGET_DIR=$CARGO_TARGET_DIR/readme
for framework in axum actix; do
    port=$(free_port)
    mkdir "$place/$framework"
    ln -s "$checkout" "$place/$framework/auth"
    cd "$place/$framework"
    for page in tutorial production keys; do
        source <(script "$guide/$page.md")
        printf '%s: %d steps of %s\n' "$framework" "$(grep -c '^<!-- ci: ' "$guide/$page.md")" "$page.md"
    done
    kill -- "-$server"
    wait "$server" || true
    server=
done
