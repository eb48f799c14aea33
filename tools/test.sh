#!/usr/bin/env bash
# Runs every test project and ends with one line: N passed, N failed, N skipped. Usage: tools/test.sh [PROJECT...]
# What failed stands once more, with its first lines, before that last line: a long log is read from its end.
set -uo pipefail
cd "$(dirname "$0")/.."

projects=("$@")
if [ ${#projects[@]} -eq 0 ]; then
  for file in tests/*.Tests/*.Tests.csproj; do projects+=("$(basename "$file" .csproj)"); done
fi

passed=0 failed=0 skipped=0 broken=()
failures=$(mktemp)
trap 'rm -f "$failures"' EXIT
for project in "${projects[@]}"; do
  binary="tests/$project/bin/Release/net10.0/MediaScore.$project"
  if [ ! -x "$binary" ]; then
    echo "$binary is missing: build first (make build)" >&2
    broken+=("$project")
    continue
  fi
  echo "== $project"
  log=$(mktemp)
  timeout 900 "$binary" -noColor -noLogo 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  line=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
  grep -A 12 -E '\[FAIL\]$' "$log" >>"$failures"
  rm -f "$log"
  if [ -z "$line" ]; then
    broken+=("$project")
    echo "$project ended without a summary (exit status $status)" >&2
    continue
  fi
  total=$(sed -E 's/.*Total: ([0-9]+).*/\1/' <<<"$line")
  errors=$(sed -E 's/.*Errors: ([0-9]+).*/\1/' <<<"$line")
  fails=$(sed -E 's/.*Failed: ([0-9]+).*/\1/' <<<"$line")
  skips=$(sed -E 's/.*Skipped: ([0-9]+).*/\1/' <<<"$line")
  passed=$((passed + total - fails - skips))
  failed=$((failed + fails + errors))
  skipped=$((skipped + skips))
  if [ "$status" -ne 0 ] && [ $((fails + errors)) -eq 0 ]; then broken+=("$project"); fi
done

if [ -s "$failures" ]; then
  echo "== Failed"
  cat "$failures"
fi
for project in "${broken[@]}"; do
  echo "$project did not run to its end" >&2
  failed=$((failed + 1))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
