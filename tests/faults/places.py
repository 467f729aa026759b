"""Machines in one machine: network namespaces, each on a cable of its own to ours, whose weather
and cuts are a test's (nftables, tc). Nothing is changed outside them but one end of the cable.

Needs root, iproute2, nftables. All that is made here bears this process's id, so that what a
killed run left behind is found and removed by the next.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

WITHOUT = "TERTULIA_FAULTS_WITHOUT_NETWORK"  # docs/faults.md
PROGRAMS = ("ip", "nft", "tc", "ss", "nsenter")
NAMES = re.compile(r"^tf(\d+)x\d+", re.MULTILINE)
SUBNET = "10.213"
CPU = Path("/sys/fs/cgroup/cpu")


def require_network() -> None:
    """A machine that cannot do it fails the test with the reason, unless it is told to be such."""
    missing = [name for name in PROGRAMS if shutil.which(name, path=_path()) is None]
    reason = ""
    if os.geteuid() != 0:
        reason = "this needs root (network namespaces)"
    elif missing:
        reason = f"missing programs {missing}: apt-get install iproute2 nftables util-linux"
    elif (refused := _refused("ip", "netns", "list")) is not None:
        reason = f"no network namespaces here: {refused}"
    fail_or_skip(reason)


def fail_or_skip(reason: str) -> None:
    if reason and os.environ.get(WITHOUT):
        pytest.skip(f"{reason}; {WITHOUT} is set")
    if reason:
        pytest.fail(f"{reason}; set {WITHOUT}=1 to do without these faults")


class Place:
    """Another machine, as seen from here. `gateway` is our end of its cable, `address` its end."""

    def __init__(self, number: int) -> None:
        self.name = f"tf{os.getpid()}x{number}"
        octet = os.getpid() % 250  # two runs beside each other
        self.gateway = f"{SUBNET}.{octet}.{number * 4 + 1}"
        self.address = f"{SUBNET}.{octet}.{number * 4 + 2}"
        self._cable = f"tf{os.getpid()}x{number}"  # at most 15 characters

    @property
    def inside(self) -> list[str]:
        """Put before a command, it runs there. Files and Unix sockets are those of here."""
        return ["nsenter", f"--net=/run/netns/{self.name}"]

    def make(self) -> None:
        run("ip", "netns", "add", self.name)
        run("ip", "link", "add", self._cable, "type", "veth", "peer", "cable", "netns", self.name)
        run("ip", "addr", "add", f"{self.gateway}/30", "dev", self._cable)
        run("ip", "link", "set", self._cable, "up")
        address = f"addr add {self.address}/30 dev cable"
        for line in (address, "link set cable up", "link set lo up"):
            run("ip", "-n", self.name, *line.split())
        self._nft("add table netdev weather")
        for chain, hook in (("to", "ingress"), ("from", "egress")):
            kind = f"type filter hook {hook} device cable priority 0;"
            self._nft(f"add chain netdev weather {chain} {{ {kind} }}")

    def remove(self) -> None:
        """The cable goes with it. Processes inside must have ended."""
        subprocess.run(["ip", "link", "del", self._cable], check=False, env=_environment(),
                       capture_output=True)  # fmt: skip
        run("ip", "netns", "del", self.name)

    def established(self, port: int) -> int:
        """Connections of a listener here."""
        return len(run(*self.inside, "ss", *_established(port)).splitlines())

    # Weather. `to` and `from` are the directions, as this place sees them.

    def lose(self, percent: int) -> None:
        """So many of a hundred packets in each direction."""
        for chain in ("to", "from"):
            self._nft(f"add rule netdev weather {chain} numgen random mod 100 < {percent} drop")

    def cut(self, *chains: str, port: int | None = None) -> None:
        """Nothing comes through in these directions (`to`, `from`), and nobody is told. `port`:
        only what goes to, or comes from, this TCP port outside."""
        for chain in chains or ("to", "from"):
            side = "sport" if chain == "to" else "dport"
            match = "" if port is None else f"tcp {side} {port} "
            self._nft(f"add rule netdev weather {chain} {match}drop")

    def heal(self) -> None:
        self._nft("flush table netdev weather")
        run("ip", "link", "set", self._cable, "up")
        run("ip", "-n", self.name, "link", "set", "cable", "up")
        if "tbf" in run(*self.inside, "tc", "qdisc", "show", "dev", "cable"):
            run(*self.inside, "tc", "qdisc", "del", "dev", "cable", "root")

    def unplug(self) -> None:
        """Both ends lose their carrier; sockets are not told."""
        run("ip", "link", "set", self._cable, "down")

    def thin(self, kilobits: int) -> None:
        """What leaves here goes by so much a second; the queue holds a second of it."""
        shape = f"tbf rate {kilobits}kbit burst 4kb latency 1000ms"
        run(*self.inside, "tc", "qdisc", "replace", "dev", "cable", "root", *shape.split())

    def _nft(self, script: str) -> None:
        run(*self.inside, "nft", script)


@contextmanager
def places(count: int) -> Generator[list[Place]]:
    require_network()
    _remove_leftovers()
    made: list[Place] = []
    try:
        for number in range(count):
            made.append(Place(number))
            made[-1].make()
        yield made
    finally:
        for place in made:
            place.remove()


def _remove_leftovers() -> None:
    """Of runs that were killed."""
    listed = run("ip", "netns", "list")
    for found in NAMES.finditer(listed):
        if not Path(f"/proc/{found[1]}").exists():
            run("ip", "netns", "del", found[0])


def kill_sockets(port: int, inside: list[str] | None = None) -> int:
    """End every TCP connection of a listener on this port, at once and with RST; how many."""
    return len(run(*(inside or []), "ss", "-K", *_established(port)).splitlines())


def _established(port: int) -> list[str]:
    return ["-H", "-t", "-n", "state", "established", f"( sport = :{port} )"]


@contextmanager
def starved(pid: int, percent: int) -> Generator[None]:
    """A process, all its threads, gets so much of one core (cgroup v1, cpu.cfs_quota_us)."""
    group = CPU / f"tf{os.getpid()}"
    if not (CPU / "cpu.cfs_quota_us").exists() and not _can_make(group):
        fail_or_skip(f"no cgroup v1 cpu controller at {CPU}")
    group.mkdir(exist_ok=True)
    try:
        (group / "cpu.cfs_period_us").write_text("100000")
        (group / "cpu.cfs_quota_us").write_text(str(percent * 1000))
        (group / "cgroup.procs").write_text(str(pid))
        yield
    finally:
        for one in (group / "cgroup.procs").read_text().split():
            (CPU / "cgroup.procs").write_text(one)
        group.rmdir()


def _can_make(group: Path) -> bool:
    """The root group has no quota; groups in it have, where the controller is there."""
    try:
        group.mkdir()
    except OSError:
        return False
    found = (group / "cpu.cfs_quota_us").exists()
    group.rmdir()
    return found


def run(*command: str) -> str:
    """What it printed."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=_environment())
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
    return done.stdout


def _refused(*command: str) -> str | None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=_environment())
    return done.stderr.strip() if done.returncode else None


def _environment() -> dict[str, str]:
    return {"PATH": _path(), "LC_ALL": "C"}


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
