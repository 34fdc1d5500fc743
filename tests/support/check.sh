# shellcheck shell=sh disable=SC2154 # The scripts set $output.
# Counts the checks that pass, and prints those that fail. It prints no values, because some are signatures.

passed=0
failed=0

# check STATEMENT COMMAND...: the statement says what must hold, and the command succeeds if it holds.
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

# fails_as STATUS COMMAND...: the command ends with this exit status. Its output goes into the file $output.
fails_as() {
    expected=$1 status=0
    shift
    "$@" >"$output" 2>&1 || status=$?
    [ "$status" -eq "$expected" ]
}

# quiet COMMAND...: shows the output of the command only if it fails.
quiet() {
    "$@" >"$output" 2>&1 || { cat "$output"; return 1; }
}
