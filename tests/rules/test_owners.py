from __future__ import annotations

import pytest

from rules.kinds import Kind
from rules.owners import Owner, OwnerChoice, Owners, owner_of, owners_by, takes_contact_owner
from rules.records import Agent, Call

JEANNE = Owner("7", "Jeanne.Martin@example.com", "Jeanne Martin", active=True)
OMAR = Owner("8", "omar.haddad@example.com", "Omar Haddad", active=True)
GONE = Owner("9", "gone@example.com", "Gone", active=False)
OWNERS = owners_by([GONE, OMAR, JEANNE, Owner("5", "", "Queue", active=True)])


def choose(agent=None, contact=None, fallback=None, owners=OWNERS):
    return owner_of(agent, contact, owners, fallback)


def test_the_agents_email_decides_whatever_its_case():
    assert choose("JEANNE.martin@EXAMPLE.com", "8", "8") == OwnerChoice("7", "the agent's e-mail")


def test_of_two_owners_with_one_email_the_active_counts():
    former = Owner("99", JEANNE.email, "Jeanne", active=False)
    for order in ([JEANNE, former], [former, JEANNE]):
        assert choose(JEANNE.email, owners=owners_by(order)).id == "7"


def test_the_contacts_owner_steps_in_if_active():
    assert choose(None, "8", "7") == OwnerChoice("8", "the contact's owner; there is no agent")
    inactive = choose(None, "9", "7")
    assert inactive.id == "7"
    assert "the contact's owner is not active" in inactive.because
    assert choose(None, "404").id is None


def test_the_fallback_owner_comes_last():
    choice = choose("stranger@example.com", None, "8")
    assert choice == OwnerChoice("8", "the fallback owner; no owner has the agent's e-mail")
    assert choose("gone@example.com", None, "8").because == (
        "the fallback owner; the agent's owner is not active"
    )


@pytest.mark.parametrize("fallback", ["9", "404"])
def test_an_inactive_or_unknown_fallback_owner_is_not_sent(fallback):
    choice = choose(None, None, fallback)
    assert choice.id is None
    assert "the fallback owner is not active" in choice.because


def test_a_fallback_owner_is_trusted_while_no_owners_are_known():
    assert choose(None, "8", "404", Owners()).id == "404"


def test_without_anybody_it_is_nobodys():
    assert choose() == OwnerChoice(None, "nobody; there is no agent; there is no fallback owner")
    assert choose("").id is None


@pytest.mark.parametrize("kind", Kind)
def test_the_contacts_owner_counts_only_for_missed_calls_and_inbound_messages(kind):
    alone, attended = Call(id="call-1"), Call(id="call-1", agent=Agent(1, "Jeanne"))
    wanted = kind in (Kind.INBOUND_MISSED, Kind.INBOUND_VOICEMAIL, Kind.INBOUND_MESSAGE)
    assert takes_contact_owner(alone, kind) is wanted
    assert not takes_contact_owner(attended, kind)
