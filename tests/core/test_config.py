"""Settings: where they may come from, which wins, and what is refused."""

import ipaddress
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tertulia.core import config
from tertulia.core.config import ConfigError, Secret
from tertulia.core.config.describe import as_json_schema, as_lines, as_markdown, explain
from tertulia.core.config.settings import Settings, specs

PAGE = Path(__file__).parents[2] / "docs" / "ops" / "settings.md"
KEY = "k" * 40


def load(
    env: dict[str, str] | None = None,
    toml: Path | None = None,
    flags: dict[str, str | None] | None = None,
) -> Settings:
    return config.load({"TERTULIA_SECRET_KEY": KEY, **(env or {})}, toml, flags)


def problems(env: dict[str, str], toml: Path | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as refusal:
        load(env, toml)
    return refusal.value.problems


def test_nothing_set_is_a_server_for_this_machine() -> None:
    settings = load()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.data_dir == Path("data").absolute()
    assert settings.registration == "open"
    assert settings.database_url is None
    assert settings.drain_seconds == 10.0


@pytest.mark.parametrize(
    "env", [{"TERTULIA_HOST": "0.0.0.0"}, {"TERTULIA_PUBLIC_URL": "https://chat.example.org"}]
)
def test_where_others_can_reach_it_accounts_need_an_invite(env: dict[str, str]) -> None:
    assert load(env).registration == "invite"
    assert load({**env, "TERTULIA_REGISTRATION": "open"}).registration == "open"


def test_flag_over_environment_over_file_over_toml_over_default(tmp_path: Path) -> None:
    toml = tmp_path / "tertulia.toml"
    flat = 'host = "toml"\nport = 1\nregistration = "closed"'
    toml.write_text(f'{flat}\n[metrics]\ntoken = "tttttttttttttttt"\n')
    token = tmp_path / "token"
    token.write_text("f" * 20 + "\n")
    env = {
        "TERTULIA_PORT": "2",
        "TERTULIA_HOST": "environment",
        "TERTULIA_METRICS_TOKEN_FILE": str(token),
    }
    settings = load(env, toml, {"host": "flag", "port": None})
    assert settings.host == "flag"
    assert settings.port == 2
    assert settings.metrics_token == Secret("f" * 20)
    assert settings.registration == "closed"
    assert settings.log_level == "info"


def test_origins_are_told(tmp_path: Path) -> None:
    toml = tmp_path / "tertulia.toml"
    toml.write_text("port = 1\n")
    env = {"TERTULIA_SECRET_KEY": KEY, "TERTULIA_HOST": "::1", "TERTULIA_CONFIG": str(toml)}
    reading = config.read(env, flags={"data_dir": "/srv"})
    told = {name: reading.origins[name] for name in ("host", "port", "data_dir", "log_level")}
    assert told == {
        "host": "TERTULIA_HOST",
        "port": str(toml),
        "data_dir": "flag --data-dir",
        "log_level": "default",
    }
    assert reading.settings.public_url == "http://[::1]:1"


def test_everything_wrong_is_said_at_once() -> None:
    told = problems(
        {
            "TERTULIA_PROT": "80",
            "TERTULIA_PORT": "eighty",
            "TERTULIA_WORKERS": "many",
            "TERTULIA_REDIS_URL": "localhost:6379",
            "TERTULIA_DRAIN_SECONDS": "30",
            "TERTULIA_DISK_FLOOR": "1GB",
            "TERTULIA_TELEMETRY": "on",
            "TERTULIA_TRUSTED_PROXIES": "10.0.0.0/8, here",
            "TERTULIA_STORAGE_URL": "s3://b?ucket=1",
        }
    )
    assert [line.split()[0] for line in told] == [
        "TERTULIA_PROT",
        "TERTULIA_PORT",
        "TERTULIA_WORKERS",
        "TERTULIA_REDIS_URL",
        "TERTULIA_STORAGE_URL",
        "TERTULIA_TRUSTED_PROXIES",
        "TERTULIA_TELEMETRY",
        "TERTULIA_DRAIN_SECONDS",
        "TERTULIA_DISK_FLOOR",
    ]
    assert "did you mean TERTULIA_PORT" in told[0]
    assert "such as 30s" in told[7]


def test_a_value_that_is_refused_is_not_repeated() -> None:
    """It may be a password put into the wrong variable."""
    told = problems({"TERTULIA_DATABASE_URL": "hunter2hunter2", "TERTULIA_METRICS_TOKEN": "short7"})
    assert "hunter2" not in "".join(told)
    assert "short7" not in "".join(told)


def test_a_secret_given_twice_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    told = problems({"TERTULIA_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert told == ("TERTULIA_SECRET_KEY and TERTULIA_SECRET_KEY_FILE are both set: keep one.",)


def test_only_secrets_have_files() -> None:
    told = problems({"TERTULIA_HOST_FILE": "/etc/hostname"})
    assert told[0].startswith("TERTULIA_HOST_FILE is no setting")


def test_a_missing_secret_file_is_named(tmp_path: Path) -> None:
    told = problems({"TERTULIA_DATABASE_URL_FILE": str(tmp_path / "none")})
    assert "TERTULIA_DATABASE_URL_FILE" in told[0]
    assert str(tmp_path / "none") in told[0]


def test_secrets_come_from_the_folder_systemd_gives(tmp_path: Path) -> None:
    (tmp_path / "database_url").write_text("postgresql://tertulia:secret@db/tertulia\n")
    settings = load({"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert settings.database_url == Secret("postgresql://tertulia:secret@db/tertulia")
    assert settings.database_direct_url == settings.database_url


def test_toml_may_be_nested_or_flat_and_unknown_names_are_refused(tmp_path: Path) -> None:
    toml = tmp_path / "tertulia.toml"
    toml.write_text(
        'allowed_origins = ["https://a.example", "https://b.example"]\n[log]\nlevel = "debug"\n'
    )
    settings = load(toml=toml)
    assert settings.allowed_origins == ("https://a.example", "https://b.example")
    assert settings.log_level == "debug"
    toml.write_text('[log]\nlevle = "debug"\n')
    assert problems({}, toml) == (f"{toml}: log_levle is no setting; did you mean log_level.",)
    toml.write_text("port = \n")
    assert "not valid TOML" in problems({}, toml)[0]


def test_a_toml_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert "cannot be read" in problems({"TERTULIA_CONFIG": str(tmp_path / "none.toml")})[0]


@pytest.mark.parametrize(
    ("raw", "seconds"), [("30s", 30.0), ("250ms", 0.25), ("1.5h", 5400.0), ("2d", 172800.0)]
)
def test_durations_carry_their_unit(raw: str, seconds: float) -> None:
    assert load({"TERTULIA_DRAIN_SECONDS": raw}).drain_seconds == seconds


def test_sizes_carry_their_unit() -> None:
    assert load({"TERTULIA_DISK_FLOOR": "100MiB"}).disk_floor == 104_857_600


def test_proxies_are_networks() -> None:
    settings = load({"TERTULIA_TRUSTED_PROXIES": "10.0.0.0/8, ::1"})
    assert settings.trusted_proxies == (
        ipaddress.ip_network("10.0.0.0/8"),
        ipaddress.ip_network("::1/128"),
    )


@pytest.mark.parametrize(
    "url",
    ["chat.example.org", "https://chat.example.org/talk", "ftp://x", "https://a@b", "http://"],
)
def test_a_public_url_is_an_origin(url: str) -> None:
    assert problems({"TERTULIA_PUBLIC_URL": url})[0].startswith("TERTULIA_PUBLIC_URL must")


def test_a_public_url_is_brought_into_the_form_of_browsers() -> None:
    assert load({"TERTULIA_PUBLIC_URL": "https://Chat.Example.ORG/"}).public_url == (
        "https://chat.example.org"
    )


def test_a_weak_key_is_refused() -> None:
    with pytest.raises(ConfigError, match="at least 32 characters"):
        config.load({"TERTULIA_SECRET_KEY": "short"})


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    flags = {"data_dir": str(tmp_path / "data")}
    first = config.load({}, flags=flags).secret_key
    assert config.load({}, flags=flags).secret_key == first
    assert len(first.value) >= 43
    kept = tmp_path / "data" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret_key"]


def test_servers_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    def key(_: int) -> str:
        return config.load({}, flags={"data_dir": str(tmp_path / "data")}).secret_key.value

    with ThreadPoolExecutor(8) as starters:
        assert len(set(starters.map(key, range(32)))) == 1


def test_looking_makes_nothing(tmp_path: Path) -> None:
    config.read({}, flags={"data_dir": str(tmp_path / "data")})
    assert not (tmp_path / "data").exists()


def test_secrets_do_not_show() -> None:
    env = {
        "TERTULIA_SECRET_KEY": "S" * 40,
        "TERTULIA_DATABASE_URL": "postgresql://u:SSSSSSSS@h/d",
        "TERTULIA_METRICS_TOKEN": "S" * 20,
    }
    reading = config.read(env)
    shown = "\n".join([repr(reading), str(reading.settings.secret_key), *as_lines(reading)])
    assert "SSSS" not in shown


def test_every_setting_is_documented() -> None:
    for spec in specs().values():
        assert len(spec.doc) > 20, spec.name
        assert spec.doc in explain(spec)
        assert as_json_schema()["properties"][spec.name]["description"] == spec.doc


def test_the_page_of_settings_is_current() -> None:
    assert PAGE.read_text() == as_markdown(), "run: python tools/write_settings_page.py"


def test_several_processes_need_redis_and_say_so() -> None:
    (said,) = problems({"TERTULIA_WORKERS": "2"})
    assert "TERTULIA_REDIS_URL" in said
    redis = {"TERTULIA_REDIS_URL": "redis://127.0.0.1/0"}
    assert load({"TERTULIA_WORKERS": "2", **redis}).workers == 2
    for wrong in ("0", "-1", "65", "two", ""):
        assert "TERTULIA_WORKERS" in problems({"TERTULIA_WORKERS": wrong})[0]


def test_a_node_is_reached_at_one_address() -> None:
    assert load().node_host == "127.0.0.1"
    for wrong in ("0.0.0.0", "::", ""):
        assert "TERTULIA_NODE_HOST" in problems({"TERTULIA_NODE_HOST": wrong})[0]


def test_only_one_of_several_waits_to_be_noticed() -> None:
    """Alone there is nobody to look elsewhere."""
    assert load().drain_notice == 0
    redis = {"TERTULIA_REDIS_URL": "redis://127.0.0.1/0"}
    assert load(redis).drain_notice == 2
    assert load({**redis, "TERTULIA_DRAIN_SECONDS": "2s"}).drain_notice == 0.5
    assert load({"TERTULIA_DRAIN_NOTICE": "5s"}).drain_notice == 5
    assert "DRAIN_NOTICE" in problems({"TERTULIA_DRAIN_NOTICE": "6s"})[0]
