"""What the environment says: read whole, refused by name, never guessed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from server import config

OURS = {*config.Settings.model_fields, "demo"}


def leitai(*arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command where no `.env` is, with these variables only."""
    outside = {name: each for name, each in os.environ.items() if name.lower() not in OURS}
    return subprocess.run(
        [Path(sys.executable).with_name("leitai"), *arguments],
        cwd=folder,
        env={**outside, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", ["serve", "work", "migrate"])
def test_a_lost_address_is_named_and_opens_nothing(command: str, tmp_path: Path) -> None:
    done = leitai(command, folder=tmp_path, REDIS_URL="redis://127.0.0.1:1")

    assert done.returncode == 2
    assert done.stderr.startswith("DATABASE_URL is not set.")
    assert "REDIS_URL" not in done.stderr
    assert done.stdout == ""


def test_every_wrong_value_is_named_and_none_repeated(tmp_path: Path) -> None:
    done = leitai(
        "serve",
        folder=tmp_path,
        DATABASE_URL="mysql://root:secret@db/leitai",
        PORT="eighty",
        LEITAI_ORIGIN="https://pk.example.com/leitai",
        COMPANY_TIMEZONE="Shanghai",
    )

    assert done.returncode == 2
    named = [line.split(" is wrong: ")[0] for line in done.stderr.splitlines()]
    assert named == ["DATABASE_URL", "PORT", "LEITAI_ORIGIN", "COMPANY_TIMEZONE"]
    assert "secret" not in done.stderr


def test_an_env_file_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in OURS:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("PORT=9000\nLEITAI_ORIGIN=https://pk.example.com/\n")
    monkeypatch.setenv("PORT", "9001")

    found = config.Settings()

    assert found.port == 9001
    assert found.leitai_origin == "https://pk.example.com"


def test_no_variable_turns_the_demo_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "1")
    assert not config.Settings().demo
    assert config.DemoSettings().demo


def test_the_example_names_every_setting() -> None:
    example = (config.CHECKOUT / ".env.example").read_text()
    assert [
        name for name in config.Settings.model_fields if f"{name.upper()}=" not in example
    ] == []
