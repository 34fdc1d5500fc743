#!/bin/sh
# Sends each method with each kind of body to the stand-in helpdesk, by the example: what the protocol allows arrives as
# it was, and all else is refused before it is sent. Prints a table of that, and keeps it in the file that is named.
#
#     matrix.sh FOLDER TABLE [COMMAND [METHOD]]
#
# FOLDER is where the example was built, COMMAND what to run it under, and METHOD the only one to send.
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

# ---- What is sent, and what must arrive ----

# & = + % # space é newline
hard='%26+%3D+%2B+%25+%23+%C3%A9%0A'
encoded="text=$hard&list[]=a&list[]=b&map[x][y]=1&again=first&again=last"
decoded='"text":"& = + % # é\n","list":["a","b"],"map":{"x":{"y":"1"}},"again":"last"'
url="http://$address/api/index.php?/Base/User/1&part=query&$encoded"

field() {
    printf -- '--kayako\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%b\r\n' "$1" "$2"
}

# A file of 3 MB that is not easily told from the boundaries around it.
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

# answer METHOD CONTAINER: what the helpdesk says when all has arrived in the container, but for what it does not read.
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

# ---- Sending it ----

# send METHOD URL [CONTENT_TYPE FILE]
send() {
    # shellcheck disable=SC2086 # the command that it runs under is several words, or none
    $under "$folder/request" "$@" >"$work/answer" 2>"$work/complaint"
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

# arrived METHOD CONTAINER: the example printed the answer to it and nothing else.
arrived() {
    answer "$1" "$2" | cmp -s - "$work/answer" && [ ! -s "$work/complaint" ]
}

# row METHOD BODY CONTAINER: a row of the table, and whether it is as it should be. "none" is for a refusal.
row() {
    before=$(received)
    if send_body "$1" "$2"; then
        outcome=accepted
    else
        outcome="refused: $(sed 's/^request: //' "$work/complaint")"
    fi
    printf '%-8s %-7s %-10s -> %s\n' C "$1" "$2" "$outcome" >>"$table"
    if [ "$3" = none ]; then
        check "$1, $2: is refused, with the reason" [ "$outcome" = "refused: $no_type" ]
        check "$1, $2: is refused before it is sent" [ "$(sent_since "$before")" -eq 0 ]
    else
        check "$1, $2: is accepted" [ "$outcome" = accepted ]
        check "$1, $2: all of it arrives as it was" arrived "$1" "$3"
    fi
}

no_type='content type: must be application/x-www-form-urlencoded, multipart/form-data or application/json for a POST,'
no_type="$no_type because the server reads no credentials in others"

# What the helpdesk reads of a request.
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

# ---- What the example does with other answers ----

# complains SENTENCE TIMES COMMAND...: it fails and says so, after so many requests.
complains() {
    sentence=$1 times=$2 before=$(received)
    shift 2
    ! "$@" && [ "$(cat "$work/complaint")" = "request: $sentence" ] && [ "$(sent_since "$before")" -eq "$times" ]
}

check "a redirect is not followed" complains 'the helpdesk answered 302' 1 send GET "http://$address/redirect/?/Base/User&to=/echo"
check "what would replace the salt is refused before it is sent" complains \
    'parameter salt: must not be in the request already, because PHP would let it replace the credential' 0 \
    send GET "$url&salt[]=1"
export KAYAKO_SECRET_KEY=another
check "a refusal of the helpdesk is shown with its status" complains 'the helpdesk answered 401' 1 send GET "$url"
check "a refusal of the helpdesk is printed as it came" [ "$(cat "$work/answer")" = 'FAILED TO AUTHENTICATE' ]
report
