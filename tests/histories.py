"""Releases made by hand, of a few statements and nothing else, and the history of them: quicker than builds."""

from __future__ import annotations

from pathlib import Path

from publisher import changes, manifest, recording, release
from publisher.history import Decision, History, open_history
from publisher.manifest import Release
from publisher.namespaces import dcat, dct, foaf, pf

B = "https://example.org/p"


def by_hand(releases: Path, number: int, *statements: str, base: str = B) -> Release:
    """Make a release of statements, `kind/key property text` or `kind/key property > kind/key`, and nothing else.

    The properties are the program's own, and `name`.
    """
    name = f"20260101T00000{number}Z-0000000{number}"
    lines = []
    for statement in statements:
        about, predicate, *obj = statement.split(" ", 2)
        term = f"<{base}/id/{obj[0][2:]}>" if obj and obj[0].startswith("> ") else f'"{"".join(obj)}"'
        iri = foaf.name if predicate == "name" else pf.base + predicate
        lines.append(f"<{base}/id/{about}> <{iri}> {term} .\n")
    (releases / name).mkdir(parents=True)
    (releases / name / "portfolio.nt").write_text("".join(sorted(lines)), encoding="utf-8")
    facts = manifest.Manifest(
        id=name, created=f"2026-01-01T00:00:0{number}Z", version="0", base_iri=base, title={}, languages=["fi"],
        master="portfolio.nt", statements_sha256="", fingerprint="", counts={},
    )  # fmt: skip
    return Release(releases / name, facts)


def catalogued(made: Release, **titles: str) -> Release:
    """Give a release a catalogue: a dataset by key and title, `series…` a series that all others are in."""
    iri = f"{made.manifest.base_iri}/id/dataset/"
    series = [key for key in titles if key.startswith("series")]
    lines = [f"@prefix dcat: <{dcat.base}> .\n"]
    for key, title in titles.items():
        kind = "DatasetSeries" if key in series else "Dataset"
        lines.append(f'<{iri}{key}> a dcat:{kind} ; <{dct.title}> "{title}" .\n')
        if key in series:
            lines.append(f'<{iri}{key}> <{dct.modified}> "{made.manifest.created}" .\n')
        else:
            lines += [f"<{iri}{key}> dcat:inSeries <{iri}{each}> .\n" for each in series]
    made.file(manifest.CATALOGUE).write_text("".join(lines), encoding="utf-8")
    return made


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
        if after.file(manifest.CATALOGUE).is_file():
            recording.describe(work, before, after)
        recording.install(releases, work)
        release._link(releases, after.id)
    return open_history(releases, made[-1])
