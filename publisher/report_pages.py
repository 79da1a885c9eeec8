"""A report as a page: one file without scripts that can be mailed, printed and read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from publisher import report_sentences as sentences
from publisher.problems import SEVERITIES, Problem, visible
from publisher.report_texts import LANGUAGES, counted, number, text

if TYPE_CHECKING:
    from publisher.reports import Account, Group, Report

_ROWS_A_RULE = 500
"""Problems of one rule that the page lists; the CSV and JSON forms list all that the report holds."""

_STYLE = """
:root { color-scheme: light dark; --ink: #1b2126; --soft: #55616b; --paper: #fff; --wash: #f4f6f8; --line: #d5dce2;
  --link: #0b4f8a; --violation: #9b1c1c; --warning: #7a4a00; --info: #0d3b66; --good: #1c5c33; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaee; --soft: #a6b2bd; --paper: #14181c; --wash: #1d2329;
  --line: #37424c; --link: #8fc4f4; --violation: #ff9d9d; --warning: #f0c274; --info: #8fc4f4; --good: #8fd6a8; } }
*, ::before, ::after { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 1.5rem clamp(1rem, 4vw, 2rem) 3rem; background: var(--paper);
  color: var(--ink); font: 1.0625rem/1.6 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: break-word; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: .19rem solid var(--link); outline-offset: .15rem; }
h1, h2, h3 { line-height: 1.25; margin: 2.2rem 0 .6rem; text-wrap: balance; }
h1 { margin-top: 0; font-size: 2rem; }
h2 { font-size: 1.4rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.12rem; }
p { margin: 0 0 .8rem; max-width: 46rem; }
.verdict { font-size: 1.15rem; padding: .7rem 1rem; border-left: .35rem solid; background: var(--wash);
  max-width: none; }
.verdict.good { border-color: var(--good); } .verdict.bad { border-color: var(--violation); }
.soft { color: var(--soft); font-size: .92rem; }
.mend { border-left: .2rem solid var(--line); padding-left: .8rem; }
.tag { display: inline-block; font-size: .8rem; line-height: 1.35; padding: .1rem .5rem; border: 1px solid currentcolor;
  border-radius: 1rem; white-space: nowrap; font-weight: 600; }
.violation { color: var(--violation); } .warning { color: var(--warning); } .info { color: var(--info); }
.count { font-weight: 400; color: var(--soft); }
.scroll { overflow-x: auto; margin-bottom: .6rem; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; border-bottom-width: 2px; }
tbody th { font-weight: 400; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.where { min-width: 14rem; } .value { min-width: 8rem; } .words { min-width: 16rem; }
code { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; font-size: .88em; overflow-wrap: anywhere;
  white-space: pre-wrap; }
section:target h3 { background: var(--wash); }
@media print { :root { --ink: #000; --soft: #333; --paper: #fff; --wash: #fff; --line: #999; --link: #000;
  --violation: #800; --warning: #640; --info: #036; --good: #050; }
  body { font-size: 10pt; max-width: none; padding: 0; }
  a { text-decoration: none; } .up { display: none; } h2, h3 { break-after: avoid; } tr { break-inside: avoid; }
  thead { display: table-header-group; } .scroll { overflow: visible; } }
"""


def page(report: Report, language: str) -> str:
    """Return the page in this language, else in English."""
    language = language if language in LANGUAGES else "en"
    writer = _Page(report, language)
    return "".join(
        [
            f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width">\n<meta name="robots" content="noindex">\n',
            f"<title>{writer.say('title')}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n",
            *writer.head(),
            *writer.contents(),
            *writer.accounts(),
            *writer.notes(),
            *writer.groups(),
            "</main>\n</body>\n</html>\n",
        ]
    )


def _e(said: str) -> str:
    """Return text as HTML, what cannot be seen in it made visible."""
    return escape(visible(said))


def _scroll(label: str) -> str:
    """Return the begin of a box that scrolls where a table is too wide, also by keyboard."""
    return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">'


class _Page:
    """Writes the parts of the page."""

    def __init__(self, report: Report, language: str) -> None:
        self.report = report
        self.language = language
        self.anchors: dict[tuple[str, str], str] = {}
        for group in report.groups:
            slug = re.sub(r"[^A-Za-z0-9]+", "-", f"{group.severity}-{group.name}").strip("-")
            taken = set(self.anchors.values())
            unique = slug if slug not in taken else f"{slug}-{len(taken)}"
            self.anchors[group.rule, group.severity] = unique

    def say(self, key: str) -> str:
        """Return a text of the report's own."""
        return _e(text(key, self.language))

    def head(self) -> Iterator[str]:
        """Yield title, verdict and what checked."""
        report = self.report
        verdict = "good" if report.conforms else "bad"
        yield f"<h1>{self.say('title')}</h1>\n"
        yield f'<p class="verdict {verdict}">{_e(sentences.summary(report, self.language))}</p>\n'
        told = [text("checked-by", self.language, engine=report.engine)] if report.engine else []
        if report.cross_checked:
            told.append(f"{counted('checked-again', report.cross_checked, self.language)}.")
        if told:
            yield f'<p class="soft">{_e(" ".join(told))}</p>\n'

    def contents(self) -> Iterator[str]:
        """Yield the list of what was found, each leading to its section."""
        yield f'<nav aria-labelledby="contents">\n<h2 id="contents">{self.say("contents")}</h2>\n'
        if not self.report.groups:
            yield f"<p>{self.say('nothing')}</p>\n"
        else:
            yield (
                f'{_scroll(self.say("contents"))}<table>\n<thead><tr><th scope="col">{self.say("severity")}</th>'
                f'<th scope="col">{self.say("wrong")}</th><th scope="col" class="number">{self.say("count")}</th></tr>'
                "</thead>\n<tbody>\n"
            )
            for group in self.report.groups:
                yield (
                    f'<tr><td>{self._tag(group)}</td><td class="words"><a href="#{self._anchor(group)}">'
                    f'{_e(group.title(self.language))}</a></td><td class="number">'
                    f"{number(group.count, self.language)}</td></tr>\n"
                )
            yield "</tbody></table></div>\n"
        yield "</nav>\n"

    def accounts(self) -> Iterator[str]:
        """Yield what became of the rows of each list."""
        if not self.report.accounts:
            return
        columns = ("rows.read", "rows.published", "rows.merged", "rows.rejected")
        heads = "".join(f'<th scope="col" class="number">{self.say(key)}</th>' for key in columns)
        yield f"<section>\n<h2>{self.say('rows')}</h2>\n<p>{self.say('rows.means')}</p>\n"
        yield (
            f'{_scroll(self.say("rows"))}<table>\n<thead><tr><th scope="col">{self.say("file")}</th>{heads}</tr>'
            "</thead>\n<tbody>\n"
        )
        for account in self.report.accounts:
            numbers = (account.rows, account.published, account.merged, sum(account.rejected.values()))
            cells = "".join(f'<td class="number">{number(n, self.language)}</td>' for n in numbers)
            yield f'<tr><th scope="row">{_e(account.source)}</th>{cells}</tr>\n'
        yield "</tbody></table></div>\n"
        for account in self.report.accounts:
            yield from self._besides(account)
        yield "</section>\n"

    def _besides(self, entry: Account) -> Iterator[str]:
        """Yield why rows of a list were rejected, and what else is told of them."""
        told = sentences.besides(entry, self.language)
        reasons = sentences.rejections(entry, self.report, self.language)
        if reasons:
            told.insert(0, (text("rows.rejected", self.language), reasons))
        if told:
            items = "".join(f"<li>{_e(heading)}: {_e(said)}</li>\n" for heading, said in told)
            yield f"<p><strong>{_e(entry.source)}</strong></p>\n<ul>\n{items}</ul>\n"

    def notes(self) -> Iterator[str]:
        """Yield the notes of the run."""
        told = self.report.notes_in(self.language)
        if told:
            items = "".join(f"<li>{_e(note)}</li>\n" for note in told)
            yield f"<section>\n<h2>{self.say('notes')}</h2>\n<ul>\n{items}</ul>\n</section>\n"

    def groups(self) -> Iterator[str]:
        """Yield the problems by severity and rule."""
        for severity in SEVERITIES:
            groups = [group for group in self.report.groups if group.severity == severity]
            if groups:
                yield f"<h2>{self.say(f'{severity}.heading')}</h2>\n<p>{self.say(f'{severity}.means')}</p>\n"
                for group in groups:
                    yield from self._group(group)

    def _group(self, group: Group) -> Iterator[str]:
        language = self.language
        anchor = self._anchor(group)
        count = counted("times", group.count, language)
        yield (
            f'<section id="{anchor}" aria-labelledby="{anchor}-title">\n<h3 id="{anchor}-title">{self._tag(group)} '
            f'{_e(group.title(language))} <span class="count">– {_e(count)}</span></h3>\n'
        )
        common, mend = group.common(language), group.mend(language)
        for said in (group.about(language), common):
            if said:
                yield f"<p>{_e(said)}</p>\n"
        if mend:
            yield f'<p class="mend"><strong>{self.say("mend")}:</strong> {_e(mend)}</p>\n'
        shown = group.problems[:_ROWS_A_RULE]
        if shown:
            yield from self._table(group, shown, told=bool(common))
        left = sentences.more(group, len(shown), language)
        if left:
            yield f"<p>… {_e(left)}</p>\n"
        up = f'<a class="up" href="#contents">{self.say("to-contents")}</a>'
        yield f'<p class="soft">{self.say("rule")}: <code>{_e(group.name)}</code> {up}</p>\n</section>\n'

    def _table(self, group: Group, shown: tuple[Problem, ...], *, told: bool) -> Iterator[str]:
        values = any(entry.value for entry in shown)
        heads = [("where", "where"), *([("value", "value")] if values else []), *([] if told else [("words", "wrong")])]
        head = "".join(f'<th scope="col" class="{kind}">{self.say(key)}</th>' for kind, key in heads)
        label = _e(group.title(self.language))
        yield f"{_scroll(label)}<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n"
        for entry in shown:
            value = f"<td><code><bdi>{_e(entry.value)}</bdi></code></td>" if values else ""
            said = "" if told else f"<td>{_e(group.said(entry, self.language))}</td>"
            yield f"<tr><td>{self._where(entry)}</td>{value}{said}</tr>\n"
        yield "</tbody></table></div>\n"

    def _where(self, entry: Problem) -> str:
        place = entry.place
        if self.report.of_table(place):
            within = _e(sentences.cell(place, self.language))
        else:
            path = f"<code>{_e(place.path)}</code>" if place.path else ""
            within = "<br>".join(part for part in (_e(sentences.line(place, self.language)), path) if part)
        return f"{_e(place.file)}<br>{within}" if within else _e(place.file)

    def _tag(self, group: Group) -> str:
        return f'<span class="tag {group.severity}">{self.say(group.severity)}</span>'

    def _anchor(self, group: Group) -> str:
        return self.anchors[group.rule, group.severity]
