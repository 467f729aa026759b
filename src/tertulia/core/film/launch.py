"""The last thing before a program that reads a stranger's film: builds its walls, then becomes it.

Run as a script by a bare interpreter (`-I -S`), never imported: nothing but the standard library,
so that it is quick. Its one argument is JSON, see `Orders`; what no wall could be built of is left
out, and `python launch.py walls` says which hold on this machine.
"""

import ctypes
import json
import os
import resource
import signal
import stat
import sys
from contextlib import suppress
from typing import TypedDict

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
# Landlock's system calls have the same numbers on every architecture.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULE_PATH_BENEATH = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
REMOVE_FILE, MAKE_REG = 1 << 5, 1 << 8
EVERYTHING = (1 << 13) - 1  # of the first version of Landlock
READ, WRITE = EXECUTE | READ_FILE | READ_DIR, WRITE_FILE | READ_FILE | REMOVE_FILE | MAKE_REG
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE

ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}


class Orders(TypedDict):
    """`cpu` in seconds, `file_size` in bytes of each file written. Of the whole disk the program
    sees what is under `readable` and `writable`."""

    command: list[str]
    folder: str
    cpu: int
    file_size: int
    nice: int
    readable: list[str]
    writable: list[str]


class PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def no_network(libc: ctypes.CDLL) -> bool:
    """A network of its own, in which there is nothing. An ordinary account needs a user namespace
    for it, which some systems forbid; root does not."""
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
        return True
    return libc.unshare(CLONE_NEWNET) == 0


def few_files(libc: ctypes.CDLL, readable: list[str], writable: list[str]) -> bool:
    handled = ctypes.c_uint64(EVERYTHING)
    size = ctypes.c_size_t(ctypes.sizeof(handled))
    rules = libc.syscall(CREATE_RULESET, ctypes.byref(handled), size, 0)
    if rules < 0:
        return False
    for paths, rights in ((readable, READ), (writable, READ | WRITE)):
        for path in paths:
            _allow(libc, rules, path, rights)
    held = libc.syscall(RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return held


def _allow(libc: ctypes.CDLL, rules: int, path: str, rights: int) -> None:
    with suppress(FileNotFoundError):
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
        allowed = rights if stat.S_ISDIR(os.fstat(parent).st_mode) else rights & OF_FILES
        rule = PathBeneath(allowed, parent)
        libc.syscall(ADD_RULE, rules, RULE_PATH_BENEATH, ctypes.byref(rule), 0)
        os.close(parent)


def bound(orders: Orders) -> None:
    cpu, size = orders["cpu"], orders["file_size"]
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(orders["nice"])


def main() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if sys.argv[1] == "walls":
        found = {"network": no_network(libc), "files": few_files(libc, ["/"], [])}
        sys.stdout.write(json.dumps(found))
        return
    orders: Orders = json.loads(sys.argv[1])
    # Who started it may be killed: then nobody would end it.
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    bound(orders)
    os.chdir(orders["folder"])
    no_network(libc)
    few_files(libc, orders["readable"], orders["writable"])
    command = orders["command"]
    os.execve(command[0], command, ENVIRONMENT)  # noqa: S606 — no shell is wanted


if __name__ == "__main__":
    main()
