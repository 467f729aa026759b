"""Settings: one frozen value, read once at the start, from flags, environment, files or TOML.

A new setting is one field in `settings.py`: its name gives `TERTULIA_<NAME>`, the TOML key and
its line in docs/ops/settings.md; its `about(...)` gives the reader, the default and the words.
"""

from tertulia.core.config.reading import Reading, load, read
from tertulia.core.config.settings import Settings
from tertulia.core.config.values import ConfigError, Secret, duration

__all__ = ["ConfigError", "Reading", "Secret", "Settings", "duration", "load", "read"]
