#!/bin/sh
# Serves the stand-in helpdesk until it is killed, with the PHP settings that it needs:
#
#     serve.sh 127.0.0.1:8080
#
# The head of index.php lists its own settings.
exec php -d display_errors=0 -d upload_max_filesize=20M -d post_max_size=24M -S "$1" "$(dirname "$0")/index.php"
