"""Settings: precedence, parsed forms, and what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.settings import BY_PROFILE, BadSetting, ClockSetting, RateLimit, Settings


def load(flags=None, environ=None):
    return Settings.load(flags or {}, environ or {})


@pytest.fixture
def toml(tmp_path):
    path = tmp_path / "cwmock.toml"

    def write(text):
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_nothing_given_means_the_defaults():
    assert load() == Settings()
    assert load({"port": None, "tls": None}) == Settings()


@pytest.mark.parametrize(
    ("flag", "variable", "file", "expected"),
    [
        ("1", "2", "3", 1),
        (None, "2", "3", 2),
        (None, None, "3", 3),
        (None, "", "3", 3),
        (None, None, None, 42),
    ],
)
def test_flag_beats_environment_beats_file_beats_default(toml, flag, variable, file, expected):
    environ = {"CWMOCK_CONFIG": str(toml(f"seed = {file}" if file else ""))}
    if variable is not None:
        environ["CWMOCK_SEED"] = variable

    assert load({"seed": flag}, environ).seed == expected


def test_a_flag_that_is_off_beats_a_variable_that_is_on():
    assert load({"tls": False}, {"CWMOCK_TLS": "1"}).tls is False


def test_every_setting_can_come_from_the_environment():
    loaded = load(
        environ={
            "CWMOCK_HOST": "::",
            "CWMOCK_PORT": "0",
            "CWMOCK_SEED": "7",
            "CWMOCK_SIZE": "tiny",
            "CWMOCK_STORE": "sqlite:///cw.db",
            "CWMOCK_PROFILE": "observed",
            "CWMOCK_RATE_LIMIT": "off",
            "CWMOCK_TOKEN_TTL": "60",
            "CWMOCK_CLOCK": "x60",
            "CWMOCK_TLS": "yes",
            "CWMOCK_REQUIRE_SSL": "on",
            "CWMOCK_ALLOW_FAULT_HEADER": "true",
            "CWMOCK_LOG_FORMAT": "json",
            "CWMOCK_VOLATILE": "note/sentAt, items/*/guid",
            "CWMOCK_QUIET": "1",
        }
    )

    assert loaded == Settings(
        host="::",
        port=0,
        seed=7,
        size="tiny",
        store="sqlite:///cw.db",
        profile="observed",
        rate_limit=None,
        token_ttl_s=60,
        clock=ClockSetting(scale=60.0),
        tls=True,
        require_ssl=True,
        allow_fault_header=True,
        volatile=(("note", "sentat"), ("items", "*", "guid")),
        log_format="json",
        quiet=True,
    )
    assert loaded.store_file == "cw.db"


def test_the_file_may_use_its_own_types_and_both_spellings(toml):
    path = toml('port = 9000\ntls = true\nrate-limit = "5/second"\ntoken_ttl = 10\n')

    loaded = load({"config": path})

    assert (loaded.port, loaded.tls, loaded.token_ttl_s) == (9000, True, 10)
    assert loaded.rate_limit == RateLimit(5, 1)
    assert loaded.config == path


def test_the_port_variable_of_others_is_not_read():
    assert load(environ={"PORT": "1"}).port == 8080


def test_no_limit_differs_from_no_word_about_it():
    assert load().rate_limit is BY_PROFILE
    assert load({"rate-limit": "off"}).rate_limit is None


@pytest.mark.parametrize(
    ("text", "requests", "window_s"),
    [
        ("60/minute", 60, 60),
        ("1000/minute", 1000, 60),
        ("5/second", 5, 1),
        ("20/5s", 20, 5),
        ("900/hour", 900, 3600),
        ("10000/day", 10000, 86400),
    ],
)
def test_rate_limits(text, requests, window_s):
    assert load({"rate_limit": text}).rate_limit == RateLimit(requests, window_s)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("real", ClockSetting()),
        ("frozen", ClockSetting(frozen=True)),
        ("x0.5", ClockSetting(scale=0.5)),
    ],
)
def test_clocks(text, clock):
    assert load({"clock": text}).clock == clock


def test_a_size_may_be_a_number_of_tickets():
    assert load({"size": "0250"}).size == "250"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("host", "a b"),
        ("port", "65536"),
        ("port", "-1"),
        ("port", "8080a"),
        ("port", "8_080"),
        ("seed", "x"),
        ("size", "huge"),
        ("size", "0"),
        ("store", "sqlite:///"),
        ("store", "sqlite:///:memory:"),
        ("store", "postgresql://x"),
        ("profile", "guessed"),
        ("rate-limit", "0/minute"),
        ("rate-limit", "60"),
        ("rate-limit", "60/0s"),
        ("rate-limit", "60/fortnight"),
        ("token-ttl", "0"),
        ("clock", "x0"),
        ("clock", "xinf"),
        ("clock", "fast"),
        ("tls", "maybe"),
        ("log-format", "xml"),
    ],
)
def test_bad_values_are_refused_by_name_and_source(name, text):
    variable = "CWMOCK_" + name.upper().replace("-", "_")

    with pytest.raises(BadSetting) as by_flag:
        load({name: text})
    with pytest.raises(BadSetting) as by_variable:
        load(environ={variable: text})

    assert by_flag.value.name == by_variable.value.name == name
    assert f"--{name}" in str(by_flag.value)
    assert variable in str(by_variable.value)


def test_a_password_in_a_url_is_not_repeated():
    with pytest.raises(BadSetting) as refused:
        load({"store": "postgresql://name:secret@host"})
    assert "secret" not in str(refused.value)
    assert "postgresql://host" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("colour = 1", "unknown keys: colour"),
        ('config = "other.toml"', "unknown keys: config"),
        ("port = [1]", "not a single value"),
        ("port = 80.5", "not a port"),
        ("port = ", "is not TOML"),
    ],
)
def test_bad_files_are_refused(toml, text, complaint):
    with pytest.raises(BadSetting, match=complaint):
        load({"config": str(toml(text))})


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(BadSetting, match="cannot read"):
        load({"config": str(tmp_path / "missing.toml")})
    with pytest.raises(BadSetting, match="cannot read"):
        load({"config": str(tmp_path)})


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "binary.toml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(BadSetting, match="is not TOML"):
        load({"config": str(path)})


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["port", "size", "rate-limit", "clock", "token-ttl", "host", "store", "tls"]),
    st.text(max_size=30),
)
def test_any_text_is_read_or_refused(name, text):
    try:
        load({name: text})
    except BadSetting as refused:
        assert refused.name == name  # noqa: PT017
