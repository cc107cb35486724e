"""What admins choose: the settings of one revision, their changes, and what is wrong with them."""

from rules.settings.changes import (
    Change,
    Value,
    diff,
    flat,
    with_value,
    with_values,
    without_stages,
)
from rules.settings.labels import labels_of, path_with_label, with_labels
from rules.settings.model import (
    PATHS,
    Outcomes,
    Settings,
    Stages,
    Tickets,
    outcome_choices,
)
from rules.settings.problems import (
    Former,
    Known,
    from_defaults,
    new_problems,
    no_pipeline,
    path_by_id,
    problems,
    with_ids,
)
from rules.settings.reading import InvalidSettings, Problem, takes, to_json, validated

__all__ = [
    "PATHS",
    "Change",
    "Former",
    "InvalidSettings",
    "Known",
    "Outcomes",
    "Problem",
    "Settings",
    "Stages",
    "Tickets",
    "Value",
    "diff",
    "flat",
    "from_defaults",
    "labels_of",
    "new_problems",
    "no_pipeline",
    "outcome_choices",
    "path_by_id",
    "path_with_label",
    "problems",
    "takes",
    "to_json",
    "validated",
    "with_ids",
    "with_labels",
    "with_value",
    "with_values",
    "without_stages",
]
