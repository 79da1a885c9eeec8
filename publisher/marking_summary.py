"""The first sheet of a marked spreadsheet: what is wrong in all, by rule and place by place, leading to the cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from publisher import report_sentences as sentences
from publisher.collecting import rule_texts
from publisher.marking_cells import COLUMNS, ROWS, Formats, fitting
from publisher.problems import SEVERITIES, Problem, letters, visible
from publisher.report_texts import counted, number, text
from publisher.reports import Group, RuleText

_PLACES_A_RULE = 200
_COMMENT_CHARACTERS = 2000
_FAULTS_A_COMMENT = 6
_WIDTHS = (14, 44, 14, 26, 90)

Cell = tuple[int, int]
"""Row and column of the sheet, from 0."""


class Words:
    """What is said of rules, in one language.

    Args:
        language: One of `report_texts.LANGUAGES`.
        titles: Names of shapes by language, by shape IRI.
    """

    def __init__(self, language: str, titles: Mapping[str, Mapping[str, str]]) -> None:
        """Begin with no rule."""
        self.language = language
        self._titles = titles
        self._texts: dict[str, RuleText] = {}

    def group(self, rule: str, severity: str) -> Group:
        """Return a rule as reports have it."""
        if rule not in self._texts:
            self._texts |= rule_texts([rule], self._titles) or {rule: RuleText({})}
        return Group(rule, severity, 0, (), self._texts[rule])

    def comment(self, faults: list[Problem]) -> str:
        """Return what is wrong with a cell and how to mend it."""
        parts = []
        for fault in faults[:_FAULTS_A_COMMENT]:
            title = self.group(fault.rule, fault.severity).title(self.language)
            severity = text(fault.severity, self.language)
            parts.append(f"{severity.capitalize()}: {title}\n{fault.message(self.language)}")
        if len(faults) > _FAULTS_A_COMMENT:
            parts.append(f"… +{len(faults) - _FAULTS_A_COMMENT}")
        said = "\n\n".join(parts)
        return said if len(said) <= _COMMENT_CHARACTERS else f"{said[:_COMMENT_CHARACTERS]}…"


@dataclass
class Found:
    """The faults of one rule: how many, and where the first are (None: in no cell of the sheet)."""

    count: int = 0
    places: list[tuple[Problem, Cell | None]] = field(default_factory=list)


@dataclass
class Marked:
    """What a marked spreadsheet holds.

    Args:
        rows: Records.
        cells: Faulty cells that are coloured.
        commented: How many of them have a comment.
        withheld: Cells that are covered, or of which a piece is.
        shortened: Cells whose text is cut.
        rows_cut: Whether rows of the source are missing.
        columns_cut: Whether columns of the source are missing.
        shifted: Whether a row of the source stands one row further down here.
        found: Faults, by rule and severity.
    """

    rows: int = 0
    cells: int = 0
    commented: int = 0
    withheld: int = 0
    shortened: int = 0
    rows_cut: bool = False
    columns_cut: bool = False
    shifted: bool = False
    found: dict[tuple[str, str], Found] = field(default_factory=dict)

    def tell(self, fault: Problem, where: Cell | None) -> None:
        """Count a fault, and remember its place if it is among the first."""
        found = self.found.setdefault((fault.rule, fault.severity), Found())
        found.count += 1
        if len(found.places) < _PLACES_A_RULE:
            found.places.append((fault, where))

    def ordered(self) -> list[tuple[tuple[str, str], Found]]:
        """Return the faults, the gravest first, of equal gravity the most frequent."""
        return sorted(self.found.items(), key=lambda kv: (SEVERITIES.index(kv[0][1]), -kv[1].count, kv[0][0]))


def write(sheet: Any, source: str, marked: Marked, formats: Formats, words: Words) -> None:
    """Write the sheet.

    Args:
        sheet: The empty `xlsxwriter` worksheet.
        source: The list as the user named it.
        marked: What the sheet of the list holds.
        formats: Formats of the workbook.
        words: What is said of rules.
    """
    sheet.hide_gridlines(2)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    writer = _Writer(sheet, marked, formats, words)
    writer.head(source)
    if marked.found:
        writer.rules()
        writer.places()
    else:
        writer.row(text("nothing", words.language))


class _Writer:
    """Writes the sheet row by row."""

    def __init__(self, sheet: Any, marked: Marked, formats: Formats, words: Words) -> None:
        self.sheet = sheet
        self.marked = marked
        self.formats = formats
        self.words = words
        self.language = words.language
        self.at = 0
        self._wrap = formats.get(text_wrap=True)
        self._link = formats.get(font_color="#0B4F8A", underline=1)

    def row(self, *cells: str, **form: object) -> None:
        """Write a row of texts."""
        for column, said in enumerate(cells):
            self.sheet.write_string(self.at, column, fitting(said, "…"), self.formats.get(**form))
        self.at += 1

    def head(self, source: str) -> None:
        """Write the title, the sums, how to read the sheets and the colours."""
        language = self.language
        self.row(text("sheet.title", language, file=visible(source)), bold=True, font_size=16)
        sums = Counter[str]()
        for (_, severity), found in self.marked.found.items():
            sums[severity] += found.count
        gravities = ", ".join(counted(f"{severity}.counted", sums[severity], language) for severity in SEVERITIES)
        self.row(f"{counted('rows.counted', self.marked.rows, language)}: {gravities}.")
        self.row(text("sheet.how", language))
        for said in self._remarks():
            self.row(said)
        self.sheet.write_string(self.at, 0, f"{text('sheet.colours', language)}:", self.formats.get())
        for column, severity in enumerate(SEVERITIES, 1):
            said = text(f"{severity}.heading", language)
            self.sheet.write_string(self.at, column, said, self.formats.get(severity))
        self.at += 2

    def _remarks(self) -> list[str]:
        """Return what did not find room, and what was covered."""
        language, marked = self.language, self.marked
        said = []
        if marked.shifted:
            said.append(text("sheet.shifted", language, number=1, row=2))
        if marked.withheld:
            said.append(counted("sheet.withheld", marked.withheld, language))
        if marked.rows_cut:
            said.append(text("sheet.rows-cut", language, limit=number(ROWS, language)))
        if marked.columns_cut:
            said.append(text("sheet.columns-cut", language, limit=number(COLUMNS, language)))
        if marked.shortened:
            said.append(counted("sheet.cells-cut", marked.shortened, language))
        if marked.cells > marked.commented:
            limit = number(marked.commented, language)
            said.append(counted("sheet.comments-cut", marked.cells - marked.commented, language, limit=limit))
        if any(found.count > len(found.places) for found in marked.found.values()):
            said.append(text("sheet.places-cut", language, limit=_PLACES_A_RULE))
        return said

    def rules(self) -> None:
        """Write a row for each rule: how many faults, where the first one is, how to mend them."""
        language = self.language
        self.row(text("sheet.by-rule", language), bold=True, font_size=13)
        heads = ("severity", "wrong", "count", "sheet.first", "mend")
        self.row(*(text(key, language) for key in heads), bold=True, bottom=2)
        for (rule, severity), found in self.marked.ordered():
            group = self.words.group(rule, severity)
            problem, where = found.places[0]
            self.sheet.write_string(self.at, 0, text(severity, language), self.formats.get(severity))
            self.sheet.write_string(self.at, 1, group.title(language), self._wrap)
            self.sheet.write_number(self.at, 2, found.count, self.formats.get(num_format="#,##0", align="left"))
            self._where(3, problem, where)
            said = group.mend(language) or problem.message(language)
            self.sheet.write_string(self.at, 4, fitting(said, "…"), self._wrap)
            self.at += 1
        self.at += 1

    def places(self) -> None:
        """Write a row for each of the first faults of every rule."""
        language = self.language
        self.row(text("sheet.places", language), bold=True, font_size=13)
        begin = self.at
        heads = ("severity", "rule", "sheet.cell", "column.heading", "wrong")
        self.row(*(text(key, language) for key in heads), bold=True, bottom=2)
        for (rule, severity), found in self.marked.ordered():
            title = self.words.group(rule, severity).title(language)
            for problem, where in found.places:
                self.sheet.write_string(self.at, 0, text(severity, language), self.formats.get(severity))
                self.sheet.write_string(self.at, 1, title, self._wrap)
                self._where(2, problem, where)
                self.sheet.write_string(self.at, 3, fitting(problem.place.path, "…"), self._wrap)
                self.sheet.write_string(self.at, 4, fitting(problem.message(language), "…"), self._wrap)
                self.at += 1
        self.sheet.autofilter(begin, 0, self.at - 1, len(heads) - 1)

    def _where(self, column: int, problem: Problem, where: Cell | None) -> None:
        """Write where a fault stands, leading there where the cell is on the sheet."""
        if where is None:
            said = sentences.cell(problem.place, self.language) or text("sheet.whole", self.language)
            self.sheet.write_string(self.at, column, fitting(said, "…"), self._wrap)
            return
        row, cell = where
        name = f"{letters(cell + 1)}{row + 1}"
        target = f"internal:'{text('sheet.list', self.language)}'!{name}"
        self.sheet.write_url(self.at, column, target, self._link, name)
