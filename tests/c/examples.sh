#!/bin/sh
# The examples print what they should, and the right message if something is wrong.
#
#     examples.sh FOLDER [COMMAND]
#
# FOLDER is where the examples were built. COMMAND runs them, for example valgrind.
set -eu
folder=$1
under=${2:-}
# shellcheck source-path=SCRIPTDIR source=../support/check.sh
. "$(dirname "$0")/../support/check.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$work/stdout
err=$work/stderr
# The signature of the vendor's sample keys, and the credentials with a fresh salt.
known='VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D'
fresh='^apikey=apikey&salt=[0-9a-f]\{32\}&signature=[0-9A-Za-z%]*%3D$'
longest=$(printf '%65536s' '' | tr ' ' +)

# run API_KEY SECRET_KEY EXAMPLE ARGUMENT...: a key that is "unset" is not in the environment.
run() {
    (
        unset KAYAKO_API_KEY KAYAKO_SECRET_KEY
        [ "$1" = unset ] || export KAYAKO_API_KEY="$1"
        [ "$2" = unset ] || export KAYAKO_SECRET_KEY="$2"
        program=$folder/$3
        shift 3
        # shellcheck disable=SC2086 # the command is several words, or none
        exec $under "$program" "$@" >"$out" 2>"$err"
    )
}

# prints TEXT, then the arguments of run(): it succeeds, and prints TEXT and nothing on standard error.
prints() {
    text=$1
    shift
    run "$@" && [ "$(cat "$out")" = "$text" ] && [ ! -s "$err" ]
}

# fails MESSAGE, then the arguments of run(): it exits with 1, and prints MESSAGE on standard error and nothing else.
fails() {
    message=$1
    shift
    code=0
    run "$@" || code=$?
    [ "$code" -eq 1 ] && [ "$(cat "$err")" = "$message" ] && [ ! -s "$out" ]
}

# prints_fresh COUNT, then the arguments of run(): it prints that many credentials, each with another fresh salt.
prints_fresh() {
    count=$1
    shift
    run "$@" && [ ! -s "$err" ] && [ "$(wc -l <"$out")" -eq "$count" ] &&
        [ "$(sort -u "$out" | grep -c "$fresh")" -eq "$count" ]
}

keys='set KAYAKO_API_KEY and KAYAKO_SECRET_KEY'
missing='because the server takes that for a missing salt'

check "the header's own example prints the known signature" prints "$known" unset unset usage

check "sign prints credentials for a given salt" \
    prints "apikey=apikey&salt=1234567890&signature=$known" apikey secretkey sign 1234567890
check "sign takes a fresh salt if none is given" prints_fresh 1 apikey secretkey sign
check "sign has room for the longest salt with escapes" run apikey secretkey sign "$longest"
check "sign refuses a longer salt" \
    fails "sign: salt: must not be longer than 65536 bytes" apikey secretkey sign "$longest+"
check "sign refuses an empty salt" fails "sign: salt: must not be empty, $missing" apikey secretkey sign ''
check "sign refuses the salt 0" fails "sign: salt: must not be 0, $missing" apikey secretkey sign 0
check "sign asks for both keys" fails "sign: $keys" unset unset sign
check "sign asks for the API key" fails "sign: $keys" unset secretkey sign
check "sign asks for the secret key" fails "sign: $keys" apikey unset sign
check "sign refuses an empty API key" fails "sign: API key: must not be empty" '' secretkey sign
check "sign refuses an empty secret key" fails "sign: secret key: must not be empty" apikey '' sign
check "sign refuses an API key that is not UTF-8" \
    fails "sign: API key: must be UTF-8 text" "$(printf '\377')" secretkey sign

check "threads takes a fresh salt for each request" prints_fresh 12 apikey secretkey threads
check "threads asks for both keys" fails "threads: $keys" unset unset threads
check "threads refuses an empty secret key" fails "threads: secret key: must not be empty" apikey '' threads

url='http://127.0.0.1:1/api/index.php?/Base/User'
json=application/json
check "request asks for a method and a URL" \
    fails 'usage: request METHOD URL [CONTENT_TYPE FILE]' apikey secretkey request GET
check "request asks for a body with a content type" \
    fails 'usage: request METHOD URL [CONTENT_TYPE FILE]' apikey secretkey request POST "$url" $json
check "request asks for both keys" fails "request: $keys" unset unset request GET "$url"
check "request refuses an empty secret key" \
    fails "request: secret key: must not be empty" apikey '' request GET "$url"
check "request names a file that is not there" \
    fails "request: the file: No such file or directory" apikey secretkey request POST "$url" $json "$folder/no"
check "request names a file that cannot be read" \
    fails "request: the file: Is a directory" apikey secretkey request POST "$url" $json "$folder"
check "request refuses a path" \
    fails "request: URL: must be absolute, begin with http:// or https://, and name a host" \
    apikey secretkey request GET "${url#*1:1}"
check "request says that no server answers" \
    fails "request: Couldn't connect to server" apikey secretkey request GET "$url"
report
