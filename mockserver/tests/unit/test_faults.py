import math
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.core.clock import Dice
from mockserver.core.effects import KINDS, Delay, Error, Phase, RateLimit, Reset
from mockserver.core.effects import SslRequired as Ssl
from mockserver.core.errors import InjectedError, TlsRequired
from mockserver.core.faults import RULES_MAX, FaultPlan, parse_effect, parse_rule
from mockserver.core.globs import path_matcher

RESET = {"kind": "reset"}


@pytest.fixture
def plan():
    return FaultPlan(Dice(42))


def struck(plan, path="/service/tickets", method="GET", api="psa", key="publickey"):
    return [effect.kind for effect in plan.strike(api, method, path, key)]


def account(plan):
    return [(d["seen"], d["struck"], d["pending"], d["exhausted"]) for d in plan.documents()]


def test_every_kind_of_the_interface_is_declared():
    before = {"error", "delay", "timeout", "reset", "html", "rate-limit", "ssl-required"}

    assert set(KINDS) == before | {"revoke-tokens"} | {
        *("reset-after", "error-after", "truncate", "malformed", "slow"),
    }
    assert {name for name, kind in KINDS.items() if kind.phase is Phase.BEFORE} == before | {
        "revoke-tokens"
    }


def test_effects_are_parsed_with_their_members():
    document = {"kind": "error", "status": 503, "code": "Busy", "retry_after": "5"}

    assert parse_effect(document) == Error(status=503, code="Busy", retry_after="5")
    assert parse_effect(document).document() == document
    assert parse_effect({**document, "retry_after": 5, "message": None}).retry_after == "5"
    assert parse_effect({"kind": "delay", "seconds": 0.5}) == Delay(seconds=0.5)
    assert parse_effect(RESET) == Reset()


def test_effects_know_their_refusal():
    refusal = Error(status=429, message="slow down", retry_after="soon").refusal()

    assert isinstance(refusal, InjectedError)
    assert (refusal.status, refusal.message, refusal.retry_after) == (429, "slow down", "soon")
    assert isinstance(Ssl().refusal(), TlsRequired)


def test_rate_limit_shows_its_missing_header():
    assert RateLimit(retry_after=None).document() == {"kind": "rate-limit", "retry_after": None}


@pytest.mark.parametrize(
    ("effect", "named"),
    [
        (None, "object with a kind"),
        ({}, "kind must be one of"),
        ({"kind": ["reset"]}, "kind must be one of"),
        ({"kind": "explode"}, "kind must be one of: error"),
        ({"kind": "reset", "status": 1}, "'reset' has no member 'status'"),
        ({"kind": "reset", "fault_id": "x"}, "no member 'fault_id'"),
        ({"kind": "error"}, "needs the member 'status'"),
        *[({"kind": "error", "status": s}, "'status'") for s in (None, 399, 600, "503", True, 4e2)],
        ({"kind": "error", "status": 500, "code": 1}, "'code'"),
        ({"kind": "error", "status": 500, "message": "\ud800"}, "'message'"),
        ({"kind": "error", "status": 500, "message": "x" * 10_001}, "'message'"),
        *[
            ({"kind": "error", "status": 500, "retry_after": r}, "'retry_after'")
            for r in ("1\r\nX: y", "\0", "\u20ac", True, 1.5, [])
        ],
        *[
            ({"kind": "delay", "seconds": s}, "'seconds'")
            for s in (None, -1, True, "1", math.nan, math.inf, 10**400)
        ],
    ],
)
def test_bad_effect_is_refused_by_name(effect, named):
    with pytest.raises(ValueError, match=named):
        parse_rule({"effect": effect})


@pytest.mark.parametrize(
    ("member", "values"),
    [
        ("api", ["PSA", 1, [], True]),
        ("method", ["", "GET /", 1, "A" * 21]),
        ("path", ["", 1, "*" * 1_001]),
        ("key", ["", 1, {}]),
        ("after", [-1, 1.0, True, "1", 10**10]),
        ("times", [0, -1, 2.5, False]),
        ("chance", [-0.1, 1.1, True, "1", math.nan, math.inf]),
        ("streak", [0, -1, 101, 1.5, True, "2"]),
        ("surprise", [None, 1]),
    ],
)
def test_bad_member_of_a_rule_is_refused_by_name(member, values):
    for value in values:
        with pytest.raises(ValueError, match=member):
            parse_rule({"effect": RESET, member: value})


@pytest.mark.parametrize("document", [None, [], "x", {}])
def test_a_rule_is_an_object_with_an_effect(document):
    with pytest.raises(ValueError, match="a fault"):
        parse_rule(document)


def test_added_rule_is_shown_with_its_account(plan):
    shown = plan.add({"api": "psa", "method": "get", "path": "Service/*", "effect": RESET})

    assert shown == {
        "id": "fault-1",
        "api": "psa",
        "method": "GET",
        "path": "Service/*",
        "key": None,
        "after": 0,
        "times": None,
        "chance": 1.0,
        "effect": {"kind": "reset"},
        "seen": 0,
        "struck": 0,
        "pending": None,
        "exhausted": False,
    }
    assert plan.documents() == [shown]
    assert plan.strike("psa", "GET", "/service/tickets", None)[0].fault_id == "fault-1"


def test_no_rules_strike_nothing(plan):
    assert plan.strike("psa", "GET", "/service/tickets", "k") == ()


@pytest.mark.parametrize(
    ("rule", "hit", "missed"),
    [
        ({"api": "psa"}, {"api": "psa"}, {"api": "automate"}),
        ({"method": "post"}, {"method": "POST"}, {"method": "GET"}),
        ({"key": "PublicKey"}, {"key": "publickey"}, {"key": None}),
        ({"path": "/Service/*"}, {"path": "service/tickets/1/notes"}, {"path": "/company/x"}),
        (
            {"path": "service/tickets"},
            {"path": "/SERVICE/tickets/"},
            {"path": "/service/tickets/1"},
        ),
        ({"path": "*/notes"}, {"path": "/service/tickets/1/notes"}, {"path": "/notesx"}),
        ({"path": "computers/?"}, {"path": "/Computers/7"}, {"path": "/computers/77"}),
    ],
)
def test_rule_strikes_what_it_speaks_of(plan, rule, hit, missed):
    plan.add({**rule, "effect": RESET})

    assert struck(plan, **hit) == ["reset"]
    assert struck(plan, **missed) == []
    assert account(plan) == [(1, 1, None, False)]


def test_after_spares_the_first_and_times_ends_it(plan):
    plan.add({"after": 2, "times": 2, "effect": RESET})

    assert [len(struck(plan)) for _ in range(6)] == [0, 0, 1, 1, 0, 0]
    assert account(plan) == [(6, 2, 0, True)]


def test_a_fault_that_never_struck_is_visible(plan):
    plan.add({"times": 3, "path": "nowhere", "effect": RESET})
    struck(plan)

    assert account(plan) == [(0, 0, 3, False)]


def test_chance_replays_and_a_miss_does_not_use_up_times():
    first, second = FaultPlan(Dice(7)), FaultPlan(Dice(7))
    for plan in (first, second):
        plan.add({"chance": 0.3, "times": 5, "effect": RESET})
    fates = [len(struck(first)) for _ in range(100)]

    assert fates == [len(struck(second)) for _ in range(100)]
    assert sum(fates) == 5
    assert fates[:5] != [1] * 5


def test_chance_of_nought_never_strikes(plan):
    plan.add({"chance": 0, "effect": RESET})

    assert [struck(plan) for _ in range(50)] == [[]] * 50


def test_final_effects_play_one_after_the_other(plan):
    plan.add({"effect": {"kind": "delay", "seconds": 1}})
    plan.add({"times": 2, "effect": {"kind": "error", "status": 503}})
    plan.add({"times": 1, "effect": RESET})

    played = [struck(plan) for _ in range(4)]

    assert played == [["delay", "error"], ["delay", "error"], ["delay", "reset"], ["delay"]]


def test_rules_are_removed_by_id_or_all_at_once(plan):
    first, second = plan.add({"effect": RESET})["id"], plan.add({"effect": RESET})["id"]

    assert plan.remove(first)
    assert not plan.remove(first)
    assert [document["id"] for document in plan.documents()] == [second]
    plan.clear()
    assert plan.documents() == []
    assert plan.add({"effect": RESET})["id"] == "fault-3"
    plan.reset()
    assert plan.add({"effect": RESET})["id"] == "fault-1"


def test_kept_state_comes_back_with_its_account(plan):
    plan.add({"times": 3, "path": "service/*", "effect": RESET})
    struck(plan)
    kept, before = plan.state(), plan.documents()
    struck(plan)
    plan.clear()

    plan.restore(kept)

    assert plan.documents() == before
    assert struck(plan) == ["reset"]
    assert kept["scripts"][0]["account"]["struck"] == 1


def test_rules_are_bounded(plan):
    for _ in range(RULES_MAX):
        plan.add({"effect": RESET})

    with pytest.raises(ValueError, match="already"):
        plan.add({"effect": RESET})


def test_threads_never_take_the_same_strike(plan):
    plan.add({"times": 50, "effect": RESET})
    strikes = []

    def ask():
        strikes.extend(len(struck(plan)) for _ in range(50))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sum(strikes) == 50
    assert account(plan) == [(400, 50, 0, True)]


@settings(max_examples=200)
@given(st.text("a*?[]!-^&|~/\\x", max_size=20), st.text("ax/-[]", max_size=30))
def test_any_text_is_a_glob(glob, path):
    assert path_matcher(glob)(path) in {True, False}
    assert path_matcher("*")(path)


def test_globs_are_matched_in_bounded_time():
    assert not path_matcher("*a" * 200 + "b")("a" * 20_000)
