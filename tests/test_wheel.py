"""The wheel carries all that the program needs, and works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_the_wheel_works_elsewhere(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)], check=True)
    (wheel,) = tmp_path.glob("portfolio_publisher-*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", str(tmp_path / "site"), str(wheel)], check=True)
    away = tmp_path / "away"
    away.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=away, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    where = run("-c", "import publisher; print(publisher.__file__)")
    assert where.startswith(str(tmp_path / "site"))
    assert "13 projects" in run("-m", "publisher", "build", "--quiet")
    index = run("-c", "import json; print(len(json.load(open('releases/current/index.json'))['examples']))")
    assert int(index) >= 30
    run("-m", "publisher", "new", "portfolio", "mine")
    assert "1 project" in run("-m", "publisher", "validate", "--config", "mine/publisher.toml", "mine")
