"""What the doctor says of the virus scanner."""

from pathlib import Path

from tests.support.clamav import Clamd

from tertulia.core import config, doctor
from tertulia.core.clock import SystemClock
from tertulia.core.doctor import CHECKS, Finding, Patient


async def found(url: str | None, folder: Path) -> Finding:
    given = {} if url is None else {"TERTULIA_CLAMD_URL": url}
    settings = config.load(given, flags={"data_dir": str(folder)})
    return await doctor.scanner(Patient(settings, SystemClock()))


async def test_it_says_which_one_answers_or_how_to_get_it_to(clamd: Clamd, tmp_path: Path) -> None:
    assert doctor.scanner in CHECKS
    assert (await found(None, tmp_path)).level == "ok"
    assert (await found(clamd.url, tmp_path)).text.startswith("ClamAV ")
    away = await found(f"unix://{tmp_path}/nobody", tmp_path)
    assert away.level == "fail"
    assert "docs/ops/scanning.md" in away.advice
