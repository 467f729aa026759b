"""A Chromium for the browser tests."""

import os
import shutil

from place import Trouble, apt_install

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def ensure_chromium() -> None:
    if any(shutil.which(name) for name in NAMES):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble(
            "The browser tests need Chromium. On Debian or Ubuntu: "
            "sudo apt-get install chromium — then run make test again."
        )
    apt_install("chromium")
