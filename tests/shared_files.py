"""Where the real files stand that are shared beside the project; tests that read them skip where they are absent."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
