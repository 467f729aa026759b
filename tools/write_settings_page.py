"""Write docs/ops/settings.md from the settings themselves."""

from pathlib import Path

from tertulia.core.config.describe import as_markdown

PAGE = Path(__file__).resolve().parents[1] / "docs" / "ops" / "settings.md"

if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(as_markdown())
