"""What changed from one release to another: by resource, by statement, and always the same bytes."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path

import chains
import pytest
from chains import CHANGES, COMES, GOES, STAYS, Chain
from histories import by_hand

from publisher import changes, cli, manifest
from publisher.errors import ReleaseError
from publisher.namespaces import PREFIXES, dct, pf

P = "https://example.org/p/id"


def lines(made: manifest.Release) -> set[str]:
    return set(made.file(made.manifest.master).read_text("utf-8").splitlines())


def patch(made: manifest.Release) -> list[str]:
    return gzip.decompress(made.file(manifest.PATCH).read_bytes()).decode().splitlines()


def test_the_patch_makes_the_second_of_the_first(chain: Chain) -> None:
    statements = lines(chain.first)
    for line in patch(chain.second):
        if line.startswith("D "):
            statements.remove(line[2:])
        elif line.startswith("A "):
            assert line[2:] not in statements
            statements.add(line[2:])
    assert statements == lines(chain.second)
    head, end = patch(chain.second)[:3], patch(chain.second)[-1]
    names = [
        re.fullmatch(rf"H {word} <urn:uuid:([0-9a-f-]{{36}})> \.", line)
        for word, line in zip(("id", "prev"), head[:2], strict=True)
    ]
    assert names[0]
    assert names[1]
    assert names[0][1] != names[1][1]
    assert (head[2], end) == ("TX .", "TC .")


def test_a_release_has_one_name_in_all_patches(chain: Chain, tmp_path: Path) -> None:
    changes.write(chain.second, chain.first, tmp_path)
    back = gzip.decompress((tmp_path / manifest.PATCH).read_bytes()).decode().splitlines()
    forth = patch(chain.second)
    assert [line.split()[2] for line in back[:2]] == [line.split()[2] for line in forth[1::-1]]


def test_each_resource_is_told_once_with_what_happened_to_it(chain: Chain) -> None:
    found = list(changes.read(chain.second.path))
    by_iri = {change.iri: change for change in found}
    assert len(by_iri) == len(found)
    assert by_iri[f"{P}/project/{COMES}"].what == "added"
    assert by_iri[f"{P}/project/{GOES}"].what == "removed"
    assert f"{P}/project/{STAYS}" not in by_iri
    assert not any(STAYS in iri for iri in by_iri)
    outcome = by_iri[f"{P}/outcome/{CHANGES}~practices"]
    assert (outcome.what, outcome.label) == ("changed", {"fi": "Käytännöt", "en": "Practices"})
    quantity = [line for line in outcome.added if pf.quantity + ">" in line]
    assert quantity == [f'<{outcome.iri}> <{pf.quantity}> "26"^^<http://www.w3.org/2001/XMLSchema#decimal> .']
    assert (outcome.added_count, outcome.removed_count) == (len(outcome.added), len(outcome.removed))
    portfolio = by_iri[f"{P}/portfolio/measure"]
    assert (portfolio.what, portfolio.told) == ("changed", False)


def test_what_only_gains_or_loses_statements_has_changed(tmp_path: Path) -> None:
    before = by_hand(
        tmp_path, 1, "project/gains x", "project/loses x", "project/loses y", "project/goes x", "place/p x"
    )
    after = by_hand(
        tmp_path, 2, "project/gains x", "project/gains y", "project/loses x", "project/comes x", "place/p y"
    )
    summary = changes.write(before, after, tmp_path)
    found = {change.iri.rpartition("/")[2]: change for change in changes.read(tmp_path)}
    assert {key: change.what for key, change in found.items()} == {
        "p": "changed", "gains": "changed", "loses": "changed", "goes": "removed", "comes": "added",
    }  # fmt: skip
    assert summary.resources == {"added": 1, "changed": 3, "removed": 1}
    assert summary.statements == {"added": 3, "removed": 3}
    assert [(found[key].removed_count, found[key].added_count) for key in ("p", "gains", "loses")] == [
        (1, 1), (0, 1), (1, 0),
    ]  # fmt: skip
    assert [change.iri for change in changes.read(tmp_path, 2)] == [change.iri for change in found.values()][2:]


def test_long_statements_are_counted_and_the_first_names_stand(tmp_path: Path) -> None:
    before = by_hand(tmp_path, 1, "place/p x")
    after = by_hand(tmp_path, 2, "place/p x", "place/q x")
    about = f"<{P}/place/q>"
    lines = [f'{about} <{dct.title}> "{text}"@{tag} .\n' for text, tag in (("A", "fi"), ("B", "fi"), ("C", "en"))]
    lines += [f'{about} <http://a/a> "{"x" * changes.LISTED_CHARACTERS}" .\n', f'<{P}/place/p> <{pf.base}x> "" .\n']
    after.file("portfolio.nt").write_text("".join(sorted(lines)), encoding="utf-8")
    changes.write(before, after, tmp_path)
    (found,) = changes.read(tmp_path)
    assert (len(found.added), found.added_count) == (3, 4)
    assert found.label == {"fi": "A", "en": "C"}


def test_a_text_that_is_cut_says_how_much_it_leaves_out(tmp_path: Path) -> None:
    before = by_hand(tmp_path, 1, *(f"project/S{number} x" for number in range(5)))
    summary = changes.write(before, by_hand(tmp_path, 2, "place/p x"), tmp_path)
    compact = changes.Compact(before.manifest.base_iri, PREFIXES)
    for most, told, end in ((None, 6, ""), (6, 6, ""), (5, 5, "… 1 more resources; JSON and the RDF Patch have all")):
        text = list(changes.as_text(changes.read(tmp_path), summary, compact, most))
        assert sum(line[:2] in ("+ ", "- ") for line in text) == told
        assert text[-1].startswith(end or "    - ")


def test_the_manifest_sums_it_up(chain: Chain) -> None:
    told = chain.second.manifest.changes
    found = list(changes.read(chain.second.path))
    assert chain.first.manifest.changes == {}
    assert (told["previous"], told["release"]) == (chain.first.id, chain.second.id)
    assert (told["added"], told["changed"], told["withdrawn"]) == (1, 1, 1)
    assert told["resources"] == {
        what: sum(1 for change in found if change.what == what) for what in ("added", "changed", "removed")
    }
    assert told["statements"] == {
        "added": len(lines(chain.second) - lines(chain.first)),
        "removed": len(lines(chain.first) - lines(chain.second)),
    }


def test_the_account_is_the_same_again_and_its_mirror_backwards(chain: Chain, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    (tmp_path / "back").mkdir()
    changes.write(chain.first, chain.second, tmp_path / "again")
    for name in (manifest.CHANGES, manifest.PATCH):
        assert (tmp_path / "again" / name).read_bytes() == chain.second.file(name).read_bytes()
    summary = changes.write(chain.second, chain.first, tmp_path / "back")
    forth = chain.second.manifest.changes["statements"]
    assert summary.statements == {"added": forth["removed"], "removed": forth["added"]}


def test_a_resource_with_many_statements_lists_the_first_and_counts_all(
    chain: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "LISTED", 2)
    changes.write(chain.first, chain.second, tmp_path)
    project = next(c for c in changes.read(tmp_path) if c.iri == f"{P}/project/{COMES}")
    assert len(project.added) == 2 < project.added_count
    summary = changes.kept(chain.second)
    assert summary is not None
    text = "\n".join(changes.as_text([project], summary, changes.Compact("https://example.org/p", PREFIXES)))
    assert f"… {project.added_count - 2} more; the RDF Patch has all" in text


def test_statements_that_are_missing_are_told(chain: Chain, tmp_path: Path) -> None:
    shutil.copytree(chain.first.path, tmp_path / chain.first.id)
    gone = manifest.read(tmp_path / chain.first.id)
    gone.file(gone.manifest.master).unlink()
    with pytest.raises(ReleaseError, match=r"portfolio\.nt"):
        changes.write(gone, chain.second, tmp_path)


def test_the_verb_tells_it_in_each_form(chain: Chain, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    where = ["--releases", str(chain.releases), "--config", str(chain.folder / "publisher.toml")]
    assert cli.main(["diff", *where, chain.first.id, "current"]) == 0
    text = capsys.readouterr().out
    assert f"{chain.first.id} -> {chain.second.id}" in text
    assert f"+ project/{COMES}  Ääkköset" in text
    assert f"- project/{GOES}" in text
    assert f"~ outcome/{CHANGES}~practices  Käytännöt" in text
    assert '    - pf:quantity "25"^^xsd:decimal' in text
    assert '    + pf:quantity "26"^^xsd:decimal' in text
    assert cli.main(["diff", *where, "--json", chain.first.id, chain.second.id]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [entry["iri"] for entry in document["changes"]] == [c.iri for c in changes.read(chain.second.path)]
    assert document["statements"] == chain.second.manifest.changes["statements"]
    assert cli.main(["diff", *where, "--format", "rdfpatch", "--out", str(tmp_path / "p"), *ids(chain)]) == 0
    assert (tmp_path / "p").read_text("utf-8").splitlines() == patch(chain.second)
    # Backwards nothing is kept: it is worked out.
    assert cli.main(["diff", *where, chain.second.id, chain.first.id]) == 0
    assert f"- project/{COMES}" in capsys.readouterr().out
    assert cli.main(["diff", *where, chain.first.id, chain.first.id]) == 0
    assert "resources: 0 added, 0 changed, 0 removed" in capsys.readouterr().out


def ids(chain: Chain) -> list[str]:
    return [chain.first.id, chain.second.id]


@pytest.mark.parametrize("name", ["", "2", "2026", "../..", "20261124T031500Z-00000000"])
def test_a_release_that_is_not_there_or_not_one_is_told(
    chain: Chain, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    where = ["--releases", str(chain.releases), "--config", str(chain.folder / "publisher.toml")]
    assert cli.main(["diff", *where, name, "current"]) == 2
    said = capsys.readouterr().err
    assert ("releases begin with" if name and chain.first.id.startswith(name) else "there is no release") in said


def test_names_that_would_steer_a_terminal_are_shown_harmless(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = chains.make(tmp_path)
    record = made.folder / "projects" / f"{CHANGES}.yaml"
    record.write_text(record.read_text("utf-8").replace("Käytännöt", "K\u202eä"), encoding="utf-8")
    made.build()
    where = ["--releases", str(made.releases), "--config", str(made.folder / "publisher.toml")]
    assert cli.main(["diff", *where, made.second.id, "current"]) == 0
    text = capsys.readouterr().out
    assert "\\u202e" in text
    assert "\u202e" not in text
