"""Findings to problems with their places, and the comparison of the two engines."""

from __future__ import annotations

from collections.abc import Callable

from publisher.errors import ShapesError
from publisher.reports import Place, Problem
from publisher.validation.engines import Engine, Finding, Shapes

Locate = Callable[[str, str], Place | None]
"""Leads (focus node, path) to the place in the source; None where it is not known."""

_VALUE_SHOWN = 200
_CASE_SHOWN = 40


def problems(found: dict[Finding, str], shapes: Shapes, locate: Locate) -> list[Problem]:
    """Lead each finding back to where its statement comes from, with the shape's own messages."""
    made = []
    for finding, value in found.items():
        place = locate(finding.focus, finding.path) or Place(f"<{finding.focus}>")
        component = finding.component.rpartition("#")[2].removesuffix("ConstraintComponent")
        messages = shapes.messages.get(finding.shape) or {"en": f"breaks the rule {component} of {finding.shape}"}
        shown = value if len(value) <= _VALUE_SHOWN else value[:_VALUE_SHOWN] + "…"
        severity = shapes.severity(finding.shape, finding.severity)
        made.append(Problem(place, finding.shape, severity, messages, shown, finding.focus))
    return made


def cross_check(data: str, bulk: Engine, reference: Engine) -> None:
    """Let both engines check a shard; they must find the same.

    Raises:
        ShapesError: They differ; the message holds the differing findings and the statements about their focus nodes.
    """
    first, second = set(bulk.validate(data)), set(reference.validate(data))
    if first == second:
        return
    case: list[str] = []
    for name, only in ((bulk.name, first - second), (reference.name, second - first)):
        for finding in sorted(only):
            case.append(f"only {name}: {finding}")
            case += [line for line in data.splitlines() if line.startswith(f"<{finding.focus}> ")][:_CASE_SHOWN]
    raise ShapesError("the validation engines disagree; nothing was released. The case:\n" + "\n".join(case))
