"""Asks a helpdesk for what a URL names, and prints its answer.

The keys come from the environment, the URL, such as https://help.example.com/api/index.php?/Base/User/1, from the
command line.
"""

import sys
import urllib.request

from kayako_sign import Signer

with Signer.from_env() as signer:
    signed = signer.sign_url(sys.argv[1])
with urllib.request.urlopen(signed) as answer:
    print(answer.read().decode(), end="")
