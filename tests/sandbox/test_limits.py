OWNER = "/crm/owners/2026-09/11349275740"
SEARCH = "/crm/objects/2026-09/contacts/search"
BODY = {"filterGroups": [], "sorts": [], "properties": [], "limit": 1, "after": "0"}


def test_burst_is_a_moving_window_of_ten_seconds(ask, hubspot, hands):
    hubspot.limits(burst=3)
    assert [ask("GET", OWNER).status for _ in range(2)] == [200, 200]
    hands.turn(9)
    assert [ask("GET", OWNER).status for _ in range(2)] == [200, 429]
    hands.turn(1.5)
    assert [ask("GET", OWNER).status for _ in range(3)] == [200, 200, 429]
    assert hubspot.too_many == 2


def test_429_names_its_policy_and_has_no_retry_after(ask, hubspot):
    hubspot.limits(burst=0)
    answer = ask("GET", OWNER)
    assert answer.json()["policyName"] == "TEN_SECONDLY_ROLLING"
    assert answer.json()["errorType"] == "RATE_LIMIT"
    assert "category" not in answer.json()
    assert "Retry-After" not in answer.headers
    assert answer.headers["X-HubSpot-RateLimit-Remaining"] == "0"


def test_searches_have_their_own_second_and_no_rate_headers(ask, hubspot, hands):
    hubspot.limits(burst=1, search=2)
    answers = [ask("POST", SEARCH, BODY) for _ in range(3)]
    assert [one.status for one in answers] == [200, 200, 429]
    assert answers[2].json()["policyName"] == "SECONDLY"
    assert not any(name.startswith("X-HubSpot") for one in answers for name in one.headers)
    assert ask("GET", OWNER).status == 200
    hands.turn(1.1)
    assert ask("POST", SEARCH, BODY).status == 200


def test_daily_limit_counts_searches_too(ask, hubspot):
    hubspot.limits(daily=2)
    ask("POST", SEARCH, BODY)
    first, second = ask("GET", OWNER), ask("GET", OWNER)
    assert first.headers["X-HubSpot-RateLimit-Daily-Remaining"] == "0"
    assert second.json()["policyName"] == "DAILY"


def test_rate_headers_tell_what_is_left(ask, hubspot):
    hubspot.limits(burst=5)
    ask("GET", OWNER)
    headers = ask("GET", OWNER).headers
    assert headers["X-HubSpot-RateLimit-Max"] == "5"
    assert headers["X-HubSpot-RateLimit-Remaining"] == "3"
    assert headers["X-HubSpot-RateLimit-Interval-Milliseconds"] == "10000"


def test_aircall_limits_the_minute_and_says_when_it_ends(ask_aircall, aircall, hands):
    assert not [name for name in ask_aircall("GET", "/v1/ping").headers if "Limit" in name]
    aircall.limits(minute=2)
    answers = [ask_aircall("GET", "/v1/ping") for _ in range(3)]
    assert [one.status for one in answers] == [200, 200, 429]
    assert answers[0].headers["X-AircallApi-Remaining"] == "1"
    assert int(answers[2].headers["X-AircallApi-Reset"]) == hands.now + 61
    assert aircall.too_many == 1
    hands.turn(60.1)
    assert ask_aircall("GET", "/v1/ping").status == 200
