# shellcheck shell=bash disable=SC2034 # The scripts that source this use it.
# Shared by the scripts in this folder: the paths of files, and how a test is run and counted.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root" || exit
here=tests/platforms
out=$root/target/platforms
output=$out/output
dist=$root/target/dist
tools=$root/target/dist-tools/bin
venv=$root/target/venv/bin
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)
mkdir -p "$out"

# shellcheck source-path=SCRIPTDIR source=../support/check.sh
. tests/support/check.sh
# shellcheck source-path=SCRIPTDIR source=../support/jobs.sh
. tests/support/jobs.sh

# make sets these to the library and the command of this machine, which other platforms cannot load.
unset KAYAKO_SIGN_LIBRARY KAYAKO_SIGN_COMMAND

# The vendor's sample keys, and their signature for the salt 1234567890.
export KAYAKO_API_KEY=apikey KAYAKO_SECRET_KEY=secretkey
signature=VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=

# prints EXPECTED COMMAND...: checks that the command prints exactly this. Does not show any other output of the
# command, because it may be a signature.
prints() {
    local expected=$1
    shift
    [ "$("$@" 2>"$output" | tr -d '\r')" = "$expected" ] || { cat "$output"; return 1; }
}

# built TARGET PART FILE: builds the part if the file is not there.
built() {
    [ -e "$dist/$1/$3" ] || packaging/cross.sh "$1" "$2" || exit
}
