#!/usr/bin/env bash
# Runs each of the named groups of tests, even if one of them fails, and prints a table and the sum at the end.
set -u
cd "$(dirname "$0")/.." || exit
logs=target/test
mkdir -p "$logs"

# Prints the numbers of passed and failed tests in a log. cargo, the C programs, PHPUnit and pytest each write them in
# another form.
count() {
    sed -nE \
        -e 's/^test result: .* ([0-9]+) passed; ([0-9]+) failed.*/\1 \2/p' \
        -e 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' \
        -e 's/^OK \(([0-9]+) tests?, .*/\1 0/p' \
        -e 's/^Tests: ([0-9]+), .*Failures: ([0-9]+).*/\1 \2/p' \
        -e 's/^(=+ )?([0-9]+) passed(, [0-9]+ warnings?)? in .*/\2 0/p' \
        -e 's/^(=+ )?([0-9]+) failed(, ([0-9]+) passed)?.* in .*/\4 \2/p' "$1" |
        awk '{ if (NF == 1) failed += $1; else { passed += $1; failed += $2 } } END { print passed + 0, failed + 0 }'
}

table=
passed=0
failed=0
for group in "$@"; do
    printf '\n==== %s ====\n' "$group"
    start=$SECONDS
    if make --no-print-directory "test-$group" 2>&1 | tee "$logs/$group.log"; [ "${PIPESTATUS[0]}" -eq 0 ]; then
        verdict=ok
    else
        verdict=FAILED
    fi
    read -r group_passed group_failed < <(count "$logs/$group.log")
    # A group can fail before its first test, for example in the compiler. A group that ran no test has failed, too.
    if [ "$verdict" = ok ] && [ "$group_passed" -eq 0 ]; then
        verdict='FAILED: ran no test'
    fi
    if [ "$verdict" != ok ] && [ "$group_failed" -eq 0 ]; then
        group_failed=1
    fi
    passed=$((passed + group_passed))
    failed=$((failed + group_failed))
    table+=$(printf '%-10s %6d passed %4d failed %4d s   %s' "$group" "$group_passed" "$group_failed" "$((SECONDS - start))" "$verdict")$'\n'
done

printf '\n%s\n%d passed, %d failed\n' "$table" "$passed" "$failed"
[ "$failed" -eq 0 ]
