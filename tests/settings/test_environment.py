from pathlib import Path

import pytest
from pydantic import ValidationError

from settings.environment import load_environment
from settings.errors import StartupError
from store.connection import connect

ACCOUNTS = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "AIRCALL_API_ID": "id-1",
    "AIRCALL_API_TOKEN": "token-1",
    "HUBSPOT_ACCESS_TOKEN": "pat-1",
}


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    """No test may find the .env of the person who runs it."""
    monkeypatch.chdir(tmp_path)


def refusal(environ):
    with pytest.raises(StartupError) as caught:
        load_environment(environ)
    return str(caught.value)


def test_complete_accounts_are_read_with_every_default():
    environment = load_environment(ACCOUNTS)
    assert not environment.sandbox
    assert environment.hubspot.access_token.get_secret_value() == "pat-1"
    assert environment.hubspot.base_url == "https://api.hubapi.com"
    assert environment.aircall.base_url == "https://api.aircall.io"
    assert environment.aircall.webhook_token is None
    assert environment.slack.base_url == "https://slack.com/api/"
    assert environment.slack.signing_secret is None
    assert environment.redis.url is None
    network = environment.network
    assert (network.host, network.intake_port, network.bot_port) == ("127.0.0.1", 8000, 3000)
    assert network.public_url is None
    assert environment.places.data_dir == Path("data").absolute()
    assert environment.places.settings_file == Path("settings.toml").absolute()
    assert environment.log.level == "info"


@pytest.mark.parametrize("name", sorted(ACCOUNTS))
def test_one_missing_token_is_named(name):
    left = {key: value for key, value in ACCOUNTS.items() if key != name}
    wanted = "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET" if name == "SLACK_APP_TOKEN" else name
    assert refusal(left).startswith(f"{wanted} is missing. Set what is missing in the environment")


def test_all_missing_tokens_are_named_at_once():
    assert refusal({"HUBSPOT_ACCESS_TOKEN": "pat-1"}).startswith(
        "SLACK_BOT_TOKEN, SLACK_APP_TOKEN or SLACK_SIGNING_SECRET, AIRCALL_API_ID, "
        "AIRCALL_API_TOKEN are missing."
    )


def test_a_signing_secret_does_instead_of_an_app_token():
    environ = {**ACCOUNTS, "SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "s-1"}
    assert load_environment(environ).slack.app_token is None


@pytest.mark.parametrize("environ", [{}, {"HUBSPOT_ACCESS_TOKEN": "", "SLACK_BOT_TOKEN": "  "}])
def test_no_token_at_all_is_the_sandbox_with_an_environment_as_complete_as_any(environ):
    environment = load_environment(environ)
    assert environment.sandbox
    assert environment.hubspot.access_token.get_secret_value() == "sandbox-hubspot-token"
    assert environment.hubspot.base_url.startswith("http://127.0.0.1:")
    assert environment.aircall.base_url.startswith("http://127.0.0.1:")
    assert environment.slack.base_url.startswith("http://127.0.0.1:")
    assert environment.places.data_dir == Path("data/sandbox").absolute()


def test_a_process_of_the_sandbox_sees_the_sandbox_although_its_tokens_are_complete():
    environ = {**ACCOUNTS, "AIRCALL_HUBSPOT_SANDBOX": "1", "DATA_DIR": "/d/sandbox"}
    environment = load_environment(environ)
    assert environment.sandbox
    assert environment.places.data_dir == Path("/d/sandbox")


def test_the_environment_wins_over_dotenv_and_an_empty_variable_does_not_count():
    Path(".env").write_text("HUBSPOT_ACCESS_TOKEN=from-file\nINTAKE_PORT=8001\nHOST=\n")
    environment = load_environment({**ACCOUNTS, "INTAKE_PORT": "", "HOST": ""})
    assert environment.hubspot.access_token.get_secret_value() == "pat-1"
    assert environment.network.intake_port == 8001
    assert environment.network.host == "127.0.0.1"


def test_tokens_may_stand_in_dotenv_alone():
    Path(".env").write_text("".join(f"{name}={value}\n" for name, value in ACCOUNTS.items()))
    assert not load_environment({}).sandbox


@pytest.mark.parametrize("content", [b"HOST=\xff\n", "HOST=a\n".encode("utf-16")])
def test_a_dotenv_that_is_not_text_is_refused_with_a_sentence(content):
    Path(".env").write_bytes(content)
    assert refusal(ACCOUNTS).startswith(".env is not UTF-8 text (byte ")


def test_a_dotenv_that_may_not_be_read_is_refused_with_a_sentence(monkeypatch):
    def forbidden(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("settings.environment.dotenv_values", forbidden)
    assert refusal(ACCOUNTS) == ".env cannot be read: Permission denied."


@pytest.mark.parametrize("name", sorted(ACCOUNTS))
@pytest.mark.parametrize("token", ["two words", "to\nken", "café", "tok\x00en", "\udcff"])
def test_a_token_that_no_header_can_carry_is_refused_and_not_repeated(name, token):
    sentence = refusal({**ACCOUNTS, name: token})
    assert f"{name} must be one word" in sentence
    assert token not in sentence


def test_this_process_own_environment_is_read_unless_another_is_given(monkeypatch):
    monkeypatch.setenv("INTAKE_PORT", "8123")
    assert load_environment(ACCOUNTS).network.intake_port == 8000
    for name, value in ACCOUNTS.items():
        monkeypatch.setenv(name, value)
    assert load_environment().network.intake_port == 8123


@pytest.mark.parametrize(
    ("host", "door"),
    [
        ("", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("fe80::1", "http://[fe80::1]:8000"),
        ("door.example.com", "http://door.example.com:8000"),
    ],
)
def test_the_door_has_an_address_that_this_machine_can_ask(host, door):
    assert load_environment({**ACCOUNTS, "HOST": host}).network.door == door


@pytest.mark.parametrize("address", ["http://localhost:9/hub", "http://localhost:9/hub/"])
def test_base_urls_are_the_same_with_and_without_trailing_slash(address):
    environ = {
        **ACCOUNTS,
        "HUBSPOT_BASE_URL": address,
        "SLACK_BASE_URL": address,
        "PUBLIC_URL": address,
    }
    environment = load_environment(environ)
    assert environment.hubspot.base_url == "http://localhost:9/hub"
    assert environment.network.public_url == "http://localhost:9/hub"
    assert environment.slack.base_url == "http://localhost:9/hub/"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("INTAKE_PORT", "abc", "INTAKE_PORT must be a whole number from 1 to 65535"),
        ("INTAKE_PORT", "0", "INTAKE_PORT must be a whole number from 1 to 65535"),
        ("BOT_PORT", "65536", "BOT_PORT must be a whole number from 1 to 65535"),
        ("BOT_PORT", "8000.5", "BOT_PORT must be a whole number from 1 to 65535"),
        ("BOT_PORT", "9" * 5000, "BOT_PORT must be a whole number from 1 to 65535"),
        ("AIRCALL_BASE_URL", "api.aircall.io", "AIRCALL_BASE_URL must be an address such as"),
        ("AIRCALL_BASE_URL", "https://a.io/v1/", "must not end in a version such as /v1"),
        ("HUBSPOT_BASE_URL", "https://a.io:99999", "has a port that is no number from 0 to 65535"),
        ("PUBLIC_URL", "https://a.io/?x=1", "PUBLIC_URL must not contain ? or #"),
        ("REDIS_URL", "http://h/0", "REDIS_URL must begin with redis://, rediss:// or unix://"),
        ("REDIS_URL", "redis://h:99999/0", "has a port that is no number from 0 to 65535"),
        ("REDIS_URL", "redis://h:x/0", "has a port that is no number from 0 to 65535"),
        ("REDIS_URL", "redis://h/sales", "must name its database by a number"),
        ("REDIS_URL", "unix:///s.sock?db=sales", "must name its database by a number"),
        ("REDIS_URL", "unix://", "must name a socket"),
        ("REDIS_URL", "redis://h/0?socket_timeout=60", "has the parameter 'socket_timeout'; only"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be 'debug', 'info', 'warning' or 'error'"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name, value, words):
    assert words in refusal({**ACCOUNTS, name: value})


@pytest.mark.parametrize(
    "address",
    [
        "redis://h",
        "redis://:p%2Fw@h:6380/15",
        "redis://[::1]:6379",
        "rediss://u:p@h:6380/0?ssl_ca_certs=/etc/ca.pem&ssl_check_hostname=true",
        "unix:///run/redis.sock?db=3",
        "unix://u:p@/run/redis.sock",
    ],
)
def test_any_redis_address_that_a_client_can_be_made_of_is_taken(address):
    url = load_environment({**ACCOUNTS, "REDIS_URL": address}).redis.url
    assert url.get_secret_value() == address
    connect(address).connection_pool.make_connection()


def test_a_refused_value_is_not_repeated_because_it_may_be_a_secret():
    assert "hunter2" not in refusal({**ACCOUNTS, "REDIS_URL": "http://:hunter2@h/0"})


def test_all_bad_values_are_named_at_once():
    sentence = refusal({**ACCOUNTS, "INTAKE_PORT": "x", "PUBLIC_URL": "y"})
    assert "INTAKE_PORT" in sentence
    assert "PUBLIC_URL" in sentence


def test_an_environment_cannot_be_changed_and_shows_no_secret():
    environment = load_environment(ACCOUNTS)
    with pytest.raises(ValidationError):
        environment.network.host = "0.0.0.0"
    assert not any(value in repr(environment) for value in ACCOUNTS.values())


def test_every_secret_is_known_to_the_log_also_the_password_of_redis():
    environ = {
        **ACCOUNTS,
        "SLACK_SIGNING_SECRET": "sign-1",
        "AIRCALL_WEBHOOK_TOKEN": "hook-1",
        "REDIS_URL": "redis://user:p%40ss@h:1/0",
    }
    wanted = {*ACCOUNTS.values(), "sign-1", "hook-1", "p%40ss", "p@ss", environ["REDIS_URL"]}
    assert set(load_environment(environ).secrets()) == wanted
