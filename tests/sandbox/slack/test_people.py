import pytest

from sandbox.slack.workspace import (
    ADMIN,
    BOARD,
    CALLS,
    GERMAN,
    GONE,
    GUEST,
    LEADS,
    MEMBER,
    OWNER,
    ROBOT,
    SINGLE_GUEST,
    STRANGER,
)


def test_user_is_shown_with_roles_zone_and_locale(call):
    user = call("users.info", user=GERMAN, include_locale=True)["user"]
    assert user["locale"] == "de-DE"
    assert user["tz"] == "Europe/Berlin"
    assert user["profile"]["email"] == "sofia.lindqvist@example.com"
    assert not user["is_admin"]
    assert "locale" not in call("users.info", user=GERMAN)["user"]


@pytest.mark.parametrize(
    ("user", "roles"),
    [
        (OWNER, {"is_admin", "is_owner", "is_primary_owner"}),
        (ADMIN, {"is_admin"}),
        (MEMBER, set()),
        (GUEST, {"is_restricted"}),
        (SINGLE_GUEST, {"is_restricted", "is_ultra_restricted"}),
    ],
)
def test_roles_are_flags(call, user, roles):
    shown = call("users.info", user=user)["user"]
    flags = ("is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted")
    assert {flag for flag in flags if shown[flag]} == roles


def test_flags_of_strangers_are_missing(call):
    user = call("users.info", user=STRANGER)["user"]
    assert user["is_stranger"]
    assert user["team_id"] == "T0FOREIGN"
    assert "is_admin" not in user


def test_bots_and_the_gone_are_marked(call):
    assert call("users.info", user=ROBOT)["user"]["is_bot"]
    assert call("users.info", user=GONE)["user"]["deleted"]
    assert call("users.info", user="U0NOBODY")["error"] == "user_not_found"


def test_roles_can_change(call, still):
    still.set_roles(ADMIN)
    assert not call("users.info", user=ADMIN)["user"]["is_admin"]
    still.set_roles(ADMIN, "is_admin", "is_owner")
    assert call("users.info", user=ADMIN)["user"]["is_owner"]
    with pytest.raises(ValueError, match="is_king"):
        still.set_roles(ADMIN, "is_king")


def test_email_needs_its_scope(call, still):
    still.take_scopes("users:read.email")
    assert "email" not in call("users.info", user=ADMIN)["user"]["profile"]


def test_people_are_found_by_email_in_any_case(call):
    assert call("users.lookupByEmail", email="ADAM@example.com")["user"]["id"] == ADMIN
    assert call("users.lookupByEmail", email="greg@example.com")["error"] == "users_not_found"


def test_direct_messages_are_opened(call):
    first = call("conversations.open", users=MEMBER)
    assert first["channel"] == {"id": "D0JEANNE"}
    assert not first["already_open"]
    second = call("conversations.open", users=MEMBER, return_im=True)
    assert second["already_open"]
    assert second["channel"]["user"] == MEMBER


@pytest.mark.parametrize(
    ("users", "error"),
    [
        ("U0NOBODY", "user_not_found"),
        (ROBOT, "cannot_dm_bot"),
        (GONE, "user_disabled"),
        (f"{ADMIN},{MEMBER}", "method_not_supported_for_channel_type"),
    ],
)
def test_not_everybody_takes_direct_messages(call, users, error):
    assert call("conversations.open", users=users)["error"] == error


def test_channels_are_shown_to_those_who_see_them(call, still):
    shown = call("conversations.info", channel=CALLS, include_num_members=True)["channel"]
    assert shown["name"] == "phone-ops"
    assert shown["is_member"]
    assert shown["num_members"] == 7
    assert call("conversations.info", channel=BOARD)["error"] == "channel_not_found"
    still.take_scopes("groups:read")
    assert call("conversations.info", channel=LEADS)["needed"] == "groups:read"


def test_channels_are_listed_by_pages(call):
    first = call("conversations.list", limit=2, exclude_archived=True)
    cursor = first["response_metadata"]["next_cursor"]
    second = call("conversations.list", limit=2, cursor=cursor, exclude_archived=True)
    names = [one["name"] for one in (*first["channels"], *second["channels"])]
    assert names == ["phone-ops", "random", "with-agency"]
    assert second["response_metadata"]["next_cursor"] == ""
    private = call("conversations.list", types="private_channel")["channels"]
    assert [one["id"] for one in private] == [LEADS]
    assert call("conversations.list", types="secret")["error"] == "invalid_types"
