"""Check the house rules: `python tools/house.py [ROOT]`. Exits 1 and says where and what to do."""

import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))  # so that it runs from anywhere, as a script

from tools.house_rules import findings  # noqa: E402


def main() -> int:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else HOME
    found = list(findings(root))
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
