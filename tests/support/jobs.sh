# shellcheck shell=bash
# Runs as many commands at a time as there are processors, and prints what each has printed, in the order in which they
# were given.

jobs_folder=$(mktemp -d)
trap 'rm -rf "$jobs_folder"' EXIT
jobs_given=0
broken=

# run NAME COMMAND...: starts the command once a processor is free.
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

# each_finished ACTION: waits for all of them, and calls the action with the path of each, to which .name, .out and, if
# it succeeded, .holds belong.
each_finished() {
    local job
    wait
    for job in "$jobs_folder"/*.name; do
        [ -e "$job" ] || continue
        "$1" "${job%.name}"
        rm -f "${job%.name}".*
    done
}

# finish: waits for all of them, shows what they printed, and adds those that failed to $broken.
finish() {
    each_finished show_job
}

show_job() {
    echo "-- $(cat "$1.name")"
    cat "$1.out"
    [ -e "$1.holds" ] || broken+="; $(cat "$1.name")"
}

# alone NAME COMMAND...: runs the command by itself, and shows what it prints as it comes.
alone() {
    echo "-- $1"
    "${@:2}" 2>&1 || broken+="; $1"
}

# finish_builds: the same for commands that print nothing if all is well. Ends the script if one failed.
finish_builds() {
    each_finished require_built
}

require_built() {
    [ -e "$1.holds" ] || { cat "$1.name" "$1.out"; exit 1; }
}

# end: says what has failed.
end() {
    [ -z "$broken" ] || { echo "-- failed: ${broken#; }"; exit 1; }
}
