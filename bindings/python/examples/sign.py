"""Prints credentials for one request.

The keys come from the environment, the salt, if it is not to be a fresh one, from the command line.
"""

import sys

from kayako_sign import Signer

with Signer.from_env() as signer:
    print(signer.query(salt=sys.argv[1]) if len(sys.argv) > 1 else signer.query())
