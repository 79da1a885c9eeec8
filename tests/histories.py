"""Releases made by hand, of a few statements and nothing else, and the history of them: quicker than builds."""

from __future__ import annotations

from pathlib import Path

from publisher import changes, manifest, recording, release
from publisher.history import Decision, History, open_history
from publisher.manifest import Release
from publisher.namespaces import pf

B = "https://example.org/p"


def by_hand(releases: Path, number: int, *statements: str, base: str = B) -> Release:
    """Make a release of statements, `kind/key property` or `kind/key property > kind/key`, and nothing else."""
    name = f"20260101T00000{number}Z-0000000{number}"
    lines = []
    for statement in statements:
        about, predicate, *obj = statement.split(" ", 2)
        term = f"<{base}/id/{obj[0][2:]}>" if obj and obj[0].startswith("> ") else f'"{"".join(obj)}"'
        lines.append(f"<{base}/id/{about}> <{pf.base}{predicate}> {term} .\n")
    (releases / name).mkdir(parents=True)
    (releases / name / "portfolio.nt").write_text("".join(sorted(lines)), encoding="utf-8")
    facts = manifest.Manifest(
        id=name, created=f"2026-01-01T00:00:0{number}Z", version="0", base_iri=base, title={}, languages=["fi"],
        master="portfolio.nt", statements_sha256="", fingerprint="", counts={},
    )  # fmt: skip
    return Release(releases / name, facts)


def recorded(releases: Path, *made: Release, decisions: list[Decision] | None = None) -> History:
    """Record releases one after the other; the history as the last of them sees it."""
    work = releases / "work"
    work.mkdir()
    for before, after in zip([None, *made[:-1]], made, strict=True):
        account = work / after.id
        account.mkdir()
        if before is not None:
            changes.write(before, after, account)
        told = changes.read(account) if before is not None else ()
        recording.prepare(releases, work, before, after, told, decisions)
        recording.install(releases, work)
        release._link(releases, after.id)
    return open_history(releases, made[-1])
