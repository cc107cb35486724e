"""What the settings refuse in English is found in the catalogue by its shape."""

import re

import pytest

from bot.words.retold import SETTINGS
from rules.settings import InvalidSettings, Known, Settings, problems, with_values

KNOWN = Known(
    numbers={7: "Sales"},
    pipelines={"0": {"1": "New"}},
    pipeline_labels={"0": "Support"},
    owners={"11": True, "12": False},
    owner_names={"12": "Left"},
    outcomes={"g": "Busy"},
    tags={"17": "VIP"},
)
PATTERNS = [re.sub(r"\\\{\w+\\\}", ".+", re.escape(each)) for each in SETTINGS]


def is_listed(sentence: str) -> bool:
    return any(re.fullmatch(pattern, sentence, re.DOTALL) for pattern in PATTERNS)


@pytest.mark.parametrize(
    "values",
    [
        {"enabled": True},
        {"numbers": [8, 9]},
        {"tag_outcomes": {"x": "g"}},
        {"tag_outcomes": {"VIP": "g", "17": "g"}},
        {"tag_outcomes": {"17": "no such outcome"}},
        {"tickets.pipeline": "5"},
        {"tickets.stages.inbound_missed": "1"},
        {"tickets.pipeline": "0", "tickets.stages.inbound_missed": "2"},
        {"fallback_owner": "12"},
        {"fallback_owner": "13"},
    ],
)
def test_problem_is_listed_for_the_catalogue(values):
    found = problems(with_values(Settings(), values), KNOWN)
    assert found
    assert [each.sentence for each in found if not is_listed(each.sentence)] == []


@pytest.mark.parametrize(
    "values",
    [{"name": ""}, {"numbers": "x"}, {"outcomes.inbound_missed": "Busy"}, {"nonsense": 1}],
)
def test_refusal_is_listed_for_the_catalogue(values):
    with pytest.raises(InvalidSettings) as refused:
        with_values(Settings(), values)
    assert [e.sentence for e in refused.value.problems if not is_listed(e.sentence)] == []
