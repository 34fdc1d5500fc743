# shellcheck shell=sh
# Counts what holds, and says what does not, for the scripts beside it. No values are shown: some are signatures.

passed=0
failed=0

# check STATEMENT COMMAND...: the statement says what must hold, and the command succeeds where it does.
check() {
    statement=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$0: $statement" >&2
    fi
}

report() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
