#!/usr/bin/env bash
# Runs the test command that the README gives, exactly as it stands there, and counts.
set -euo pipefail

command=$(grep -m 1 -x 'cargo test --workspace.*' README.md)
log=$(mktemp)
export INSTA_UPDATE=no
export INSTA_SNAPSHOT_REFERENCES_FILE=$log.snapshots
trap 'rm -f "$log" "$log.snapshots"' EXIT
: >"$log.snapshots"

echo "\$ $command"
bash -c "$command" 2>&1 | tee "$log"

awk '/^test result:/ { passed += $4; failed += $6; ignored += $8 }
     END { printf "%d passed, %d failed, %d ignored\n", passed, failed, ignored; exit passed == 0 || ignored > 0 }' "$log"

# Every snapshot file is read by some test.
read_by_tests=$(sort -u "$log.snapshots" | xargs -r realpath --canonicalize-missing)
git ls-files '*.snap' | while read -r snapshot; do
    grep -qxF "$(realpath "$snapshot")" <<<"$read_by_tests" || { echo "no test reads $snapshot" >&2; exit 1; }
done
