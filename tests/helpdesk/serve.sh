#!/bin/sh
# Serves the stand-in helpdesk until it is killed, with the settings of PHP that it is written for:
#
#     serve.sh 127.0.0.1:8080
#
# What else it can be told, the head of index.php says.
exec php -d display_errors=0 -d upload_max_filesize=20M -d post_max_size=24M -S "$1" "$(dirname "$0")/index.php"
