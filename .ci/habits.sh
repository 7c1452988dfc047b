#!/usr/bin/env bash
# House rules that a search can prove.
set -euo pipefail

failed=0
never() { # what it is, a pattern, where to look
    local what=$1 pattern=$2 hits
    shift 2
    if hits=$(git grep -nE "$pattern" -- "$@"); then
        printf '%s:\n%s\n' "$what" "$hits" >&2
        failed=1
    fi
}

never 'a test that does not run' '#\[ignore' '*.rs'
never 'an #[allow], which outlives its reason; use #[expect(.., reason)]' '#!?\[allow\(' '*.rs'
never 'a module that says nothing' '^ *(pub(\([a-z]+\))? )?mod (utils?|helpers?|common|managers?)\b' '*.rs'
never 'http in a floor below it' 'use crate::http' \
    'auth-core/src/*.rs' ':!auth-core/src/http/*' ':!auth-core/src/documentation.rs'
never 'a store that knows actions or settings' 'use crate::(actions|auth|config|delivery)\b' 'auth-core/src/store/*'

# A path that the papers name exists, and so does what they link to, seen from the page.
mapfile -t papers < <(git ls-files README.md CONTRIBUTING.md 'docs/*.md')
while IFS=: read -r paper path; do
    [ -e "$path" ] || { echo "$paper names $path" >&2; failed=1; }
done < <(grep -oHE '`(auth-[a-z]+|examples|tests|docs|\.ci)/[A-Za-z0-9_./-]+`' "${papers[@]}" | tr -d '`')
while IFS=: read -r paper path; do
    [ -e "$(dirname "$paper")/$path" ] || { echo "$paper links to $path" >&2; failed=1; }
done < <(grep -oHE '\]\([^):#]+' "${papers[@]}" | sed 's/](//' | grep -vE ':https?$')

# The index of the guide has every page, and the Rust of every page is compiled.
for page in docs/guide/*.md; do
    name=${page##*/}
    case $name in README.md) continue ;; esac
    grep -qF "]($name)" docs/guide/README.md || { echo "the index of the guide lacks $name" >&2; failed=1; }
    case $name in tutorial.md) continue ;; esac # .ci/tutorial.sh builds it
    if grep -q '^```rust' "$page" && ! grep -qF "\"$name\"" tests/src/guide.rs; then
        echo "nothing compiles the Rust of $page; name it in tests/src/guide.rs" >&2
        failed=1
    fi
done

for script in .ci/run .ci/*.sh .ci/*.bash; do
    bash -n "$script"
done
exit "$failed"
