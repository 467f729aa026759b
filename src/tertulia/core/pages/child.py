"""The child: a page by standard input, its head as JSON by standard output."""

import json
import resource
import sys

from tertulia.core.pages.head import read_head

CPU_SECONDS = 2
MEMORY = 512 * 2**20


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    charset = sys.argv[1] or None
    sys.stdout.write(json.dumps(read_head(sys.stdin.buffer.read(), charset)))


if __name__ == "__main__":
    main()
