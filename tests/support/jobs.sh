# shellcheck shell=bash
# Runs as many commands at a time as there are processors, and prints their outputs in the order of the commands.

jobs_folder=$(mktemp -d)
trap 'rm -rf "$jobs_folder"' EXIT
jobs_given=0
broken=

# run NAME COMMAND...: starts the command as soon as a processor is free.
run() {
    local job
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do
        wait -n || true
    done
    jobs_given=$((jobs_given + 1))
    printf -v job '%s/%04d' "$jobs_folder" $jobs_given
    echo "$1" >"$job.name"
    { if "${@:2}" >"$job.out" 2>&1; then : >"$job.holds"; fi; } &
}

# each_finished ACTION: waits for all commands, and calls the action with the path of each. Its files are the path with
# .name, .out and, if it succeeded, .holds.
each_finished() {
    local job
    wait
    for job in "$jobs_folder"/*.name; do
        [ -e "$job" ] || continue
        "$1" "${job%.name}"
        rm -f "${job%.name}".*
    done
}

# finish: waits for all commands, prints their outputs, and adds the names of those that failed to $broken.
finish() {
    each_finished show_job
}

show_job() {
    echo "-- $(cat "$1.name")"
    cat "$1.out"
    [ -e "$1.holds" ] || broken+="; $(cat "$1.name")"
}

# alone NAME COMMAND...: runs the command while no other runs, and shows its output at once.
alone() {
    echo "-- $1"
    "${@:2}" 2>&1 || broken+="; $1"
}

# finish_builds: waits for all commands, and prints nothing if they succeed. If one fails, it ends the script.
finish_builds() {
    each_finished require_built
}

require_built() {
    [ -e "$1.holds" ] || { cat "$1.name" "$1.out"; exit 1; }
}

# end: prints the names of the commands that failed, and then fails.
end() {
    [ -z "$broken" ] || { echo "-- failed: ${broken#; }"; exit 1; }
}
