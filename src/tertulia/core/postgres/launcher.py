"""Becomes the postmaster: run as a program, `launcher.py PARENT UID GID PROGRAM ARGUMENT…`.

It changes to the server's account (`-`: stays who it is), asks Linux for a fast-shutdown signal
when its parent dies, `kill -9` included, and executes the program under the same pid. In this
order, because a change of user clears the request. Elsewhere than on Linux the orphan stays and
the next start stops it.

A program of its own and no `preexec_fn`: that would run Python between fork and exec of a process
that has threads, which may hang and which newer Pythons warn of. The standard library only, so
that it starts without the environment.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, uid, gid, *command = sys.argv[1:]
    if uid != "-":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
    # Had the parent died before the request, nobody would ever send the signal.
    if os.getppid() == int(parent):
        os.execv(command[0], command)  # noqa: S606 — our own program, no shell


if __name__ == "__main__":
    main()
