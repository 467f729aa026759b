"""The child: run by `studio`, never imported by it.

It loads libvips once and then never touches a picture: for each one it forks, and the fork, with
bounds of its own, decodes that one and ends. So a picture costs no start of a Python, and still
none ever shares a memory with another one's decoder.
"""

import ctypes
import os
import resource
import select
import signal
import sys

import msgspec
import pyvips

from tertulia.core.images.frames import (
    IDLE,
    MAX_FRAME,
    read_all,
    read_frame,
    write_all,
    write_frame,
)
from tertulia.core.images.opening import TooLarge, shut_the_others
from tertulia.core.images.remaking import remake
from tertulia.core.images.seeing import see
from tertulia.core.images.wanted import Answer, Job, Remake

IDLE_SECONDS = 60.0
# Address space, in bytes; libvips itself maps a few hundred MB. A picture of 50 MP that cannot be
# decoded line by line takes 200 MB, or twice that.
MEMORY = 2 << 30
CPU_SECONDS = 20

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38


def main() -> None:
    shut_the_others()
    while select.select([0], [], [], IDLE_SECONDS)[0]:
        frame = read_frame(0)
        if frame is None:
            return
        write_frame(1, _in_a_fork(frame))
    sys.exit(IDLE)


def _in_a_fork(frame: bytes) -> bytes:
    """Nothing, where the fork died of it."""
    reading, writing = os.pipe()
    fork = os.fork()
    if fork == 0:
        os.close(reading)
        bound()
        _work(frame, writing)
    os.close(writing)
    answer = read_all(reading, MAX_FRAME)
    os.close(reading)  # one that says more than that dies of it
    _, status = os.waitpid(fork, 0)
    return answer if os.waitstatus_to_exitcode(status) == 0 else b""


def bound() -> None:
    """Of this process, for good. The pipe to the parent's questions is closed."""
    os.close(0)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        control = ctypes.CDLL(None).prctl
        control(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        control(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        # Nor may a decoder that was taken over read its parent, or a fork beside it.
        control(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _work(frame: bytes, writing: int) -> None:
    """Never returns: what was the parent's to do is not this one's."""
    try:
        write_all(writing, msgspec.msgpack.encode(_answer(msgspec.msgpack.decode(frame, type=Job))))
        os._exit(0)
    finally:
        os._exit(1)


def _answer(job: Job) -> Answer:
    try:
        if isinstance(job, Remake):
            return Answer(picture=remake(job.data, job.wanted))
        return Answer(sight=see(job.path, job.format))
    except TooLarge:
        return Answer(trouble="too_large")
    except (pyvips.Error, MemoryError):
        return Answer(trouble="unreadable")


if __name__ == "__main__":
    main()
