# To be sourced: starts the stand-in helpdesk on a free port, stops it when the script ends, and sets `helpdesk` to its
# URL. KAYAKO_WEB=rewrite puts the rewrite rule of the vendor in front of it.
# shellcheck shell=bash disable=SC2016,SC2034 # PHP has variables too; `helpdesk` is for the script that sources this

helpdesk_port=$(php -r '
    $probe = stream_socket_server("tcp://127.0.0.1:0");
    echo explode(":", stream_socket_get_name($probe, false))[1];
')
helpdesk=http://127.0.0.1:$helpdesk_port
php -d display_errors=0 -d upload_max_filesize=20M -d post_max_size=24M \
    -S "127.0.0.1:$helpdesk_port" tests/helpdesk/index.php >/dev/null 2>&1 &
helpdesk_process=$!
trap 'kill "$helpdesk_process" 2>/dev/null' EXIT
for _ in $(seq 100); do
    php -r 'exit(@fsockopen("127.0.0.1", (int) $argv[1]) ? 0 : 1);' "$helpdesk_port" && break
    sleep 0.05
done
