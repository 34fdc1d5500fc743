"""Prints credentials for one request.

The keys come from the environment. The argument is the salt; without one it is a fresh one.
"""

import sys

from kayako_sign import Signer

with Signer.from_env() as signer:
    print(signer.query(salt=sys.argv[1]) if len(sys.argv) > 1 else signer.query())
