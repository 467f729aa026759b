#!/bin/sh
# Finds a Python >= 3.11 and hands over to tools/bootstrap: `tools/bootstrap.sh run`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for python in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        # No bytecode and nothing of the caller's Python environment: this runs before any of ours.
        exec "$python" -B -E "$here/bootstrap" "$@"
    fi
done
echo "Tertulia needs Python 3.11 or newer. On Debian or Ubuntu: apt-get install python3" >&2
exit 69
