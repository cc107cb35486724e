"""What an interaction may wait for is the same in Python and in the scripts."""

import re

import pytest

from store import keys
from store.scripts import FOLDER

LOOP = re.compile(r"for _, (\w+) in ipairs\(\{([^}]+)\}\)")
LISTS = {
    (path.name, variable, tuple(re.findall(r"'([a-z]+)'", names)))
    for path in sorted(FOLDER.glob("*.lua"))
    for variable, names in LOOP.findall(path.read_text())
    if variable in ("why", "vendor")
}


def test_the_scripts_name_lists():
    assert {name for name, _, _ in LISTS} >= {"door.lua", "retry.lua", "sweep.lua"}


@pytest.mark.parametrize(("script", "variable", "names"), sorted(LISTS))
def test_a_scripts_list_is_that_of_the_vendors_or_of_all_that_is_waited_for(
    script, variable, names
):
    assert names == {"why": keys.WAITS_FOR, "vendor": keys.VENDORS}[variable]


@pytest.mark.parametrize("script", sorted(FOLDER.glob("*.lua")), ids=lambda path: path.name)
def test_what_a_script_names_as_parked_is_waited_for(script):
    named = set(re.findall(r"ah:parked:([a-z]+)", script.read_text()))
    assert named in (set(), set(keys.WAITS_FOR))
