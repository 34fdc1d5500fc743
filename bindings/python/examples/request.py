"""Sends a signed GET request to a helpdesk and prints the answer.

The keys come from the environment. The argument is the URL, for example
https://help.example.com/api/index.php?/Base/User/1.
"""

import sys
import urllib.request

from kayako_sign import Signer

with Signer.from_env() as signer:
    signed = signer.sign_url(sys.argv[1])
with urllib.request.urlopen(signed) as answer:
    print(answer.read().decode(), end="")
