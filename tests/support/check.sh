# shellcheck shell=sh disable=SC2154 # The scripts set $output.
# Counts what holds, and says what does not, for the scripts that read this. No values are shown: some are signatures.

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

# fails_as STATUS COMMAND...: the command ends with this exit status. What it prints goes into the file $output.
fails_as() {
    expected=$1 status=0
    shift
    "$@" >"$output" 2>&1 || status=$?
    [ "$status" -eq "$expected" ]
}

# quiet COMMAND...: shows what the command prints only if it fails.
quiet() {
    "$@" >"$output" 2>&1 || { cat "$output"; return 1; }
}
