"""Says in an admin's words what is wrong with a settings file."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

_WANTED: Final[Mapping[str, str]] = {
    "int_type": "should be a whole number",
    "bool_type": "should be true or false",
    "string_type": "should be text in quotes",
    "tuple_type": "should be a list",
    "mapping_type": "should be a table",
    "model_type": "should be a table",
    "dict_type": "should be a table",
}


def faults_sentence(error: ValidationError, root: type[BaseModel]) -> str:
    """All faults found in a file of `root`'s shape, each with its dotted key, joined by `; `.

    An unknown key is answered with the nearest one that its table allows.
    """
    return "; ".join(_fault(fault, root) for fault in error.errors(include_url=False))


def _fault(fault: ErrorDetails, root: type[BaseModel]) -> str:
    keys = [str(key) for key in fault["loc"]]
    if fault["type"] == "extra_forbidden":
        return f"there is no key {'.'.join(keys)}{_nearest(keys, root)}"
    wanted = _WANTED.get(fault["type"])
    if fault["type"] == "value_error":
        wanted = str(fault["ctx"]["error"])
    wanted = wanted or fault["msg"].removeprefix("Input ").removeprefix("String ")
    return f"{'.'.join(keys)} {wanted}, not {_shown(fault['input'])}"


def _nearest(keys: Sequence[str], root: type[BaseModel]) -> str:
    allowed = _allowed(root, keys[:-1])
    close = get_close_matches(keys[-1], allowed, n=1, cutoff=0.0)
    return f" (did you mean {'.'.join([*keys[:-1], *close])}?)" if close else ""


def _allowed(section: type[BaseModel], path: Sequence[str]) -> list[str]:
    """The keys of the table at `path`, every step of which pydantic has just walked."""
    for key in path:
        annotation: Any = section.model_fields[key].annotation
        section = annotation
    return list(section.model_fields)


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
