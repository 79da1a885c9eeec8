"""What is looked for among the names of a release: a query, and its conditions on names and properties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

STRICT = ("any", "should", "all")


class Condition(NamedTuple):
    """What a property is to be, or not to be.

    Args:
        prop: The property.
        values: Any of these: a text, or the IRI of a thing as a tuple of one.
        denied: Whether it is to be none of them.
        required: Whether what does not meet this is no candidate; else it is a worse one.
    """

    prop: str
    values: tuple[str | tuple[str], ...]
    denied: bool = False
    required: bool = False


class Called(NamedTuple):
    """What a thing is to be called, or not to be.

    Args:
        texts: Any of these.
        denied: Whether it is to have none of them as its name.
        required: Whether what is not near to one of them is no candidate; else it is a worse one.
    """

    texts: tuple[str, ...]
    denied: bool = False
    required: bool = False


@dataclass(frozen=True)
class Query:
    """What is looked for.

    Args:
        text: The name, or an identifier; "" where only properties are given.
        kinds: Of which kinds; () = of any. A kind that is unknown stands here too: nothing is of it.
        strict: One of `STRICT`. With "should", things of other kinds are given where none of these is near.
        limit: How many candidates at most.
        conditions: What its properties are to be.
    """

    text: str
    kinds: tuple[str, ...] = ()
    strict: str = "any"
    limit: int = 10
    conditions: tuple[Condition, ...] = ()
