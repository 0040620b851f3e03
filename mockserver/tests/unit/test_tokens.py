import base64
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib import resources

import jwt
import pytest

from mockserver.core import tokens as tokens_module
from mockserver.core.clock import Clock, Dice
from mockserver.core.errors import Unauthenticated
from mockserver.core.tokens import REFRESHABLE_S, SigningKey, Tokens

START = datetime(2024, 5, 1, 12, tzinfo=UTC)
KEY_FILE = resources.files("mockserver.automate").joinpath("signing_key.json")
KEY = SigningKey(KEY_FILE.read_bytes)


@pytest.fixture
def clock():
    return Clock(START, frozen=True)


@pytest.fixture
def tokens(clock):
    return Tokens(clock, Dice(42), KEY, issuer="cwmock")


def reason(ask, text):
    with pytest.raises(Unauthenticated) as caught:
        ask(text)
    return caught.value.reason


def test_access_token_looks_like_the_seeds(tokens):
    # seed 000, "Token Acquisition"
    session = tokens.issue("integrator", "documented", 14_400)

    assert session.access_token.startswith("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.")
    header = base64.urlsafe_b64decode(session.access_token.split(".")[0] + "==")
    assert header == b'{"alg":"RS256","typ":"JWT"}'


def test_signature_verifies_with_the_published_key(tokens, clock):
    session = tokens.issue("integrator", "documented", 60)
    public = {m: v for m, v in json.loads(KEY_FILE.read_bytes()).items() if m in {"kty", "n", "e"}}

    claims = jwt.decode(
        session.access_token,
        jwt.PyJWK(public, algorithm="RS256").key,
        algorithms=["RS256"],
        options={"verify_exp": False, "verify_iat": False},
    )

    issued_s = int(clock.timestamp())
    assert claims.pop("jti")
    assert claims == {"sub": "integrator", "iss": "cwmock", "iat": issued_s, "exp": issued_s + 60}


def test_session_tells_who_and_until_when(tokens):
    session = tokens.issue("integrator", "observed", 3600)

    assert (session.user, session.dialect) == ("integrator", "observed")
    assert session.issued_at == START
    assert session.expires_at == START + timedelta(hours=1)
    assert session.absolute_expires_at == START + timedelta(seconds=REFRESHABLE_S)
    assert tokens.find(session.access_token) is session


def test_same_seed_and_clock_give_the_same_bytes(tokens, clock):
    again = Tokens(clock, Dice(42), KEY, issuer="cwmock")

    first = [tokens.issue("a", "observed", 60) for _ in range(3)]

    assert first == [again.issue("a", "observed", 60) for _ in range(3)]
    assert len({session.access_token for session in first}) == 3


def test_token_expires_on_the_clock(tokens, clock):
    token = tokens.issue("a", "observed", 60).access_token

    clock.set(advance_s=59.9)
    tokens.find(token)
    clock.set(advance_s=0.1)
    assert reason(tokens.find, token) == "expired"


@pytest.mark.parametrize("text", ["", "x", "eyJ.eyJ.x", "\ud800", "a" * 100_000])
def test_foreign_text_is_an_unknown_token(tokens, text):
    assert reason(tokens.find, text) == "unknown"
    assert reason(tokens.find_by_refresh_token, text) == "unknown"


def test_altered_signature_is_unknown(tokens):
    token = tokens.issue("a", "observed", 60).access_token

    assert reason(tokens.find, token[:-4] + "AAAA") == "unknown"


def test_refreshing_gives_a_new_session_and_keeps_the_old(tokens, clock):
    # automate facts 13
    old = tokens.issue("a", "observed", 60)
    clock.set(advance_s=30)

    new = tokens.refresh(tokens.find(old.access_token))

    assert new.access_token != old.access_token
    assert (new.user, new.dialect) == (old.user, old.dialect)
    assert new.expires_at == START + timedelta(seconds=90)
    assert new.absolute_expires_at == old.absolute_expires_at
    tokens.find(old.access_token)
    clock.set(advance_s=30)
    assert reason(tokens.find, old.access_token) == "expired"


def test_refresh_token_outlives_its_access_token(tokens, clock):
    old = tokens.issue("a", "documented", 60)
    clock.set(advance_s=61)

    assert tokens.find_by_refresh_token(old.refresh_token) is old
    assert reason(tokens.find, old.refresh_token) == "unknown"
    clock.set(advance_s=REFRESHABLE_S)
    assert reason(tokens.find_by_refresh_token, old.refresh_token) == "expired"


def test_refreshing_never_passes_the_absolute_end(tokens, clock):
    session = tokens.issue("a", "observed", 3600)
    absolute = session.absolute_expires_at
    while clock.now() < absolute - timedelta(minutes=1):
        clock.set(advance_s=1800)
        session = tokens.refresh(session)
        if session.expires_at == absolute:
            break

    assert session.absolute_expires_at == absolute
    clock.set(advance_s=1800)
    assert tokens.refresh(session).expires_at == absolute


def test_revoked_token_is_dead_in_every_way(tokens):
    session, other = (tokens.issue("a", "observed", 60) for _ in range(2))

    assert tokens.revoke(session.access_token)
    assert not tokens.revoke("unknown")

    assert reason(tokens.find, session.access_token) == "revoked"
    assert reason(tokens.find_by_refresh_token, session.refresh_token) == "revoked"
    tokens.find(other.access_token)
    tokens.revoke(other.access_token, refresh_too=False)
    assert reason(tokens.find, other.access_token) == "revoked"
    assert tokens.find_by_refresh_token(other.refresh_token) is other


@pytest.mark.parametrize(("refresh_ttl_s", "seconds"), [(120, 120), (None, REFRESHABLE_S)])
def test_each_refresh_token_has_its_own_end(tokens, clock, refresh_ttl_s, seconds):
    session = tokens.issue("a", "documented", 60, refresh_ttl_s=refresh_ttl_s)
    clock.set(advance_s=100)
    second = tokens.refresh(tokens.find_by_refresh_token(session.refresh_token))

    clock.set(advance_s=seconds - 100)

    assert reason(tokens.find_by_refresh_token, session.refresh_token) == "expired"
    ends = min(START + timedelta(seconds=100 + seconds), session.absolute_expires_at)
    assert second.refresh_expires_at == ends


def test_sessions_are_kept_with_what_was_revoked_of_them(tokens, clock):
    tokens.changes()
    ended = [tokens.issue("a", "observed", 60) for _ in range(2)]
    tokens.revoke(ended[0].access_token)
    tokens.revoke(ended[1].access_token, refresh_too=False)
    rows = json.loads(json.dumps(tokens.changes(), default=str))
    older = {name: dict(row) for name, row in rows.items()}
    for row in older.values():
        del row["refresh_expires_at"], row["refresh_revoked"]

    for kept, reasons in ((rows, ["revoked", None]), (older, ["revoked", "revoked"])):
        again = Tokens(clock, Dice(42), KEY, issuer="cwmock")
        again.restore(kept)
        assert [reason(again.find, each.access_token) for each in ended] == ["revoked"] * 2
        for session, wanted in zip(ended, reasons, strict=True):
            if wanted is None:
                assert again.find_by_refresh_token(session.refresh_token) == session
            else:
                assert reason(again.find_by_refresh_token, session.refresh_token) == wanted


def test_all_tokens_or_those_of_one_user_are_revoked(tokens):
    first, second = tokens.issue("a", "observed", 60), tokens.issue("b", "observed", 60)

    assert tokens.revoke_all("a") == 1
    assert reason(tokens.find, first.access_token) == "revoked"
    tokens.find(second.access_token)
    assert tokens.revoke_all() == 2
    assert reason(tokens.find, second.access_token) == "revoked"


def test_reset_forgets_every_session(tokens):
    token = tokens.issue("a", "observed", 60).access_token
    tokens.revoke(token)
    tokens.reset()

    assert reason(tokens.find, token) == "unknown"


def test_memory_is_bounded_and_the_dead_go_first(tokens, monkeypatch):
    monkeypatch.setattr(tokens_module, "SESSIONS_MAX", 20)
    long_lived = tokens.issue("a", "observed", 10 * REFRESHABLE_S)
    dead = [tokens.issue("b", "observed", 60).access_token for _ in range(19)]
    [tokens.revoke(token) for token in dead]

    tokens.issue("c", "observed", 60)

    tokens.find(long_lived.access_token)
    assert reason(tokens.find, dead[0]) == "unknown"
    for _ in range(60):
        tokens.issue("d", "observed", 60)
    assert len(tokens._sessions) == len(tokens._by_refresh_token) <= 20
    assert not tokens._revoked


def test_key_file_says_that_it_is_public():
    assert "everybody knows it" in json.loads(KEY_FILE.read_bytes())["note"]


def test_library_is_not_loaded_before_the_first_login():
    code = "import sys, mockserver.core.tokens; print({'jwt', 'cryptography'} & set(sys.modules))"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "set()"
