"""Become a child that dies with its parent: `child.py PARENT SIGNAL UID GID COMMAND...`. A script, so that it imports little.

The kernel forgets the wish when a process changes its user, so the user comes first. UID and GID -1 keep ours.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, signal, uid, gid = map(int, sys.argv[1:5])
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent died first")
    os.execv(sys.argv[5], sys.argv[5:])  # noqa: S606 - there is no shell to start


if __name__ == "__main__":
    main()
