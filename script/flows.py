"""Walks through Home Assistant's configuration flows as the browser does, over REST."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from script.api import HassApi

MAX_STEPS: Final = 20

type Answers = Mapping[str, Any]
type Field = Mapping[str, Any]


class FlowPath(StrEnum):
    """Where each kind of flow is served."""

    CONFIG = "/api/config/config_entries/flow"
    OPTIONS = "/api/config/config_entries/options/flow"
    SUBENTRY = "/api/config/config_entries/subentries/flow"


class FlowError(Exception):
    """A flow refused the answers, or ended in nothing."""


def walk_flow(
    api: HassApi, path: FlowPath, handler: str | Sequence[str], answers: Answers
) -> dict[str, Any]:
    """Start a flow, answer its steps, and return its result.

    Args:
        api: The Home Assistant to ask.
        path: The kind of flow.
        handler: A domain, an entry id (options), or an entry id and a type (subentry).
        answers: Values by field name, of all steps together; what is not among them keeps what
            the form proposes. A menu is answered by its step id.
    """
    result: dict[str, Any] = api.post(path, {"handler": handler})
    return finish_flow(api, path, result, answers)


def finish_flow(
    api: HassApi, path: FlowPath, result: dict[str, Any], answers: Answers
) -> dict[str, Any]:
    """Answer the steps of a flow that was started, until it creates an entry."""
    for _ in range(MAX_STEPS):
        if result["type"] == "create_entry":
            return result
        if result["type"] not in {"form", "menu"} or result.get("errors"):
            break
        result = api.post(f"{path}/{result['flow_id']}", answer_step(result, answers))
    raise FlowError(f"{result['handler']}: {result}")


def answer_step(step: Mapping[str, Any], answers: Answers) -> dict[str, Any]:
    """Answer a menu by its step's name, a form's fields by theirs, else with what it shows."""
    if step["type"] == "menu":
        return {"next_step_id": answers[step["step_id"]]}
    return fill(step["data_schema"] or (), answers)


def fill(fields: Sequence[Field], answers: Answers) -> dict[str, Any]:
    """Answer each field, those in a section too, and leave out what would stay empty.

    What is answered under a section's name holds in that section alone, and comes first there.
    """
    filled: dict[str, Any] = {}
    for field in fields:
        name = field["name"]
        if field.get("type") == "expandable":
            filled[name] = fill(field["schema"], {**answers, **answers.get(name, {})})
        elif (value := answers.get(name, _prefilled(field))) is not None:
            filled[name] = value
    return filled


def _prefilled(field: Field) -> Any:
    """Return what the browser would show in the field already."""
    suggested = (field.get("description") or {}).get("suggested_value")
    return suggested if suggested is not None else field.get("default")
