#!/bin/sh
# The example sends each method with each kind of body to the stand-in helpdesk. A request that the protocol allows
# arrives unchanged, and every other is refused before it is sent. Prints a table of the results, and writes it to the
# file TABLE.
#
#     matrix.sh FOLDER TABLE [COMMAND [METHOD]]
#
# FOLDER is where the example was built. COMMAND runs it, for example valgrind. With METHOD, only that method is sent.
# Needs php.
set -eu
folder=$1 table=$2
under=${3:-} only=${4:-}
# shellcheck source-path=SCRIPTDIR source=../support/check.sh
. "$(dirname "$0")/../support/check.sh"

work=$(mktemp -d)
mkdir -p "$(dirname "$table")"

# ---- The helpdesk ----

export KAYAKO_API_KEY=apikey KAYAKO_SECRET_KEY=secretkey no_proxy=127.0.0.1
address=$(php -r 'echo stream_socket_get_name(stream_socket_server("tcp://127.0.0.1:0"), false);')
"$(dirname "$0")/../helpdesk/serve.sh" "$address" >"$work/log" 2>&1 &
helpdesk=$!
trap 'kill "$helpdesk"; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
until grep -qs started "$work/log"; do
    kill -0 "$helpdesk" || exit 2
    sleep 0.1
done

received() {
    grep -c Accepted "$work/log" || true
}

# ---- The bodies, and the answers to them ----

# & = + % # space é newline
hard='%26+%3D+%2B+%25+%23+%C3%A9%0A'
encoded="text=$hard&list[]=a&list[]=b&map[x][y]=1&again=first&again=last"
decoded='"text":"& = + % # é\n","list":["a","b"],"map":{"x":{"y":"1"}},"again":"last"'
url="http://$address/api/index.php?/Base/User/1&part=query&$encoded"

field() {
    printf -- '--kayako\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%b\r\n' "$1" "$2"
}

# A file of 3 MB with bytes that look like the boundaries around it.
file() {
    printf '\r\n--\r\n--kayak\r\n-kayako--\r\n\0'
    head -c 3145696 /dev/urandom
    printf '\r\n--'
}

printf '%s' "part=form&$encoded" >"$work/form"
again='"again":"first","again":"last"'
printf '%s' '{"part":"JSON","text":"& = + % # \u00e9\n","list":["a","b"],"map":{"x":{"y":"1"}},'"$again}" >"$work/JSON"
file >"$work/file"
{
    field part multipart
    field text '& = + % # é\n'
    field 'list[]' a
    field 'list[]' b
    field 'map[x][y]' 1
    field again first
    field again last
    printf -- '--kayako\r\nContent-Disposition: form-data; name="file"; filename="3 MB.bin"\r\n\r\n'
    cat "$work/file"
    printf '\r\n--kayako--\r\n'
} >"$work/multipart"
size=$(wc -c <"$work/file")
sha256=$(sha256sum "$work/file" | cut -d ' ' -f 1)

# answer METHOD CONTAINER: prints the helpdesk's answer if everything that it reads of the request has arrived.
answer() {
    in_query="{\"part\":\"query\",$decoded}"
    files='{}' fields='{}'
    case $2 in
    query) parameters=$in_query in_query='{}' ;;
    form)
        parameters="{\"part\":\"form\",$decoded}"
        fields=$parameters
        ;;
    json) parameters="{\"part\":\"JSON\",$decoded}" ;;
    multipart)
        parameters="{\"part\":\"multipart\",$decoded}"
        fields=$parameters
        files="{\"file\":{\"name\":\"3 MB.bin\",\"size\":$size,\"sha256\":\"$sha256\"}}"
        ;;
    esac
    printf '{"route":"/Base/User/1","method":"%s","container":"%s","parameters":%s,"files":%s,"query":%s,' \
        "$1" "$2" "$parameters" "$files" "$in_query"
    printf '"source":"query","app":"Base","controller":"User","arguments":["1"],"fields":%s}\n' "$fields"
}

# ---- Sending them ----

# send METHOD URL [CONTENT_TYPE FILE]
send() {
    # shellcheck disable=SC2086 # the command is several words, or none
    $under "$folder/request" "$@" >"$work/answer" 2>"$work/error"
}

# send_body METHOD BODY
send_body() {
    case $2 in
    'no body') send "$1" "$url" ;;
    form) send "$1" "$url" application/x-www-form-urlencoded "$work/form" ;;
    multipart) send "$1" "$url" 'multipart/form-data; boundary=kayako' "$work/multipart" ;;
    JSON) send "$1" "$url" application/json "$work/JSON" ;;
    esac
}

sent_since() {
    echo $(($(received) - $1))
}

# arrived METHOD CONTAINER: the example printed the right answer and nothing else.
arrived() {
    answer "$1" "$2" | cmp -s - "$work/answer" && [ ! -s "$work/error" ]
}

# row METHOD BODY CONTAINER: sends one request, checks the result, and writes a row of the table. With "none" as the
# container, it must be refused.
row() {
    before=$(received)
    if send_body "$1" "$2"; then
        outcome=accepted
    else
        outcome="refused: $(sed 's/^request: //' "$work/error")"
    fi
    printf '%-8s %-7s %-10s -> %s\n' C "$1" "$2" "$outcome" >>"$table"
    if [ "$3" = none ]; then
        check "$1, $2: is refused, with the reason" [ "$outcome" = "refused: $no_type" ]
        check "$1, $2: is refused before it is sent" [ "$(sent_since "$before")" -eq 0 ]
    else
        check "$1, $2: is accepted" [ "$outcome" = accepted ]
        check "$1, $2: arrives unchanged" arrived "$1" "$3"
    fi
}

no_type='content type: must be application/x-www-form-urlencoded, multipart/form-data or application/json for a POST,'
no_type="$no_type because the server reads no credentials in others"

# The container that the helpdesk reads, for each method and body.
: >"$table"
while read -r method container body; do
    [ "${only:-$method}" != "$method" ] || row "$method" "$body" "$container"
done <<END
GET     query      no body
GET     query      form
GET     query      multipart
GET     json       JSON
POST    none       no body
POST    form       form
POST    multipart  multipart
POST    json       JSON
PUT     query      no body
PUT     form       form
PUT     query      multipart
PUT     json       JSON
DELETE  query      no body
DELETE  query      form
DELETE  query      multipart
DELETE  json       JSON
END
cat "$table"

# ---- Other answers, and a refused parameter ----

# fails_after COUNT MESSAGE COMMAND...: the command fails with the message after so many requests.
fails_after() {
    count=$1 message=$2 before=$(received)
    shift 2
    ! "$@" && [ "$(cat "$work/error")" = "request: $message" ] && [ "$(sent_since "$before")" -eq "$count" ]
}

check "a redirect is not followed" \
    fails_after 1 'the helpdesk answered 302' send GET "http://$address/redirect/?/Base/User&to=/echo"
check "a parameter that would replace the salt is refused before it is sent" fails_after 0 \
    'parameter salt: must not be in the request already, because PHP would let it replace the credential' \
    send GET "$url&salt[]=1"
export KAYAKO_SECRET_KEY=another
check "a refusal by the helpdesk is shown with its status" fails_after 1 'the helpdesk answered 401' send GET "$url"
check "the text of a refusal is printed unchanged" [ "$(cat "$work/answer")" = 'FAILED TO AUTHENTICATE' ]
report
