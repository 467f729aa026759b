"""Programs that tests run beside ours, for real: proxies, Redis, a virus scanner."""

import os
import shutil
from pathlib import Path

from place import Trouble, answers, apt_install

PACKAGES = {
    "nginx": "nginx",
    "caddy": "caddy",
    "redis-server": "redis-server",
    "clamd": "clamav-daemon",
}
"""Programs, and Debian's packages that hold them."""
SEARCHED = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))


def ensure_programs() -> None:
    missing = [
        package for program, package in PACKAGES.items() if not shutil.which(program, path=SEARCHED)
    ]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble(
            f"Tests need {', '.join(missing)}. On Debian or Ubuntu: "
            f"sudo apt-get install {' '.join(missing)} — then run make test again."
        )
    for name in missing:
        apt_install(name)
        _keep_quiet(name)


def _keep_quiet(name: str) -> None:
    """Debian starts what it installs; tests start their own, on ports of their own."""
    if Path("/run/systemd/system").is_dir():
        answers(["systemctl", "disable", "--now", name])
