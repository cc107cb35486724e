"""`help` and mistyped words."""

from tests.bot.team import ADMIN, GUEST, MEMBER


def test_help_lists_to_an_admin_what_there_is(team):
    team.command(ADMIN, "help")
    assert "/aircall-hubspot general" in team.shown(ADMIN)


def test_help_tells_a_member_that_admins_have_more(team):
    team.command(MEMBER, "help")
    assert "/aircall-hubspot general" not in team.shown(MEMBER)
    assert "Admins have" in team.shown(MEMBER)


def test_a_guest_gets_help_too(team):
    team.command(GUEST, "help")
    assert "/aircall-hubspot help" in team.shown(GUEST)


def test_a_mistyped_word_gets_the_nearest(team):
    team.command(ADMIN, "genral")
    assert "Did you mean /aircall-hubspot general" in team.shown(ADMIN)


def test_a_word_with_markup_calls_nobody(team):
    team.command(ADMIN, "<!channel>&<@U1>")
    assert "There is no “<!channel>&<@u1>” here" in team.shown(ADMIN)


def test_http_mode_answers_the_same(team):
    team.slack.listen_with(team.http)
    team.command(ADMIN, "help")
    assert "/aircall-hubspot general" in team.shown(ADMIN)
