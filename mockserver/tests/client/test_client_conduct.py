"""What the client does about failures: the table of retry facts 2.3, on the emulator."""

import base64
import contextlib
import functools

import pytest

from mockserver.client import Conduct, F, PSAClient, RetryPolicy
from mockserver.client.errors import (
    ConnectWiseError,
    InvalidRequest,
    NotAuthenticated,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    RecordLocked,
    ServerFault,
    Unreachable,
    UnreadableAnswer,
)
from mockserver.tests.client_support import Lab

TICKET = {"summary": "Printer", "company": {"id": 250}}
AMBIGUOUS = [
    {"kind": "error", "status": 500},
    {"kind": "error", "status": 502},
    {"kind": "error-after", "status": 500},
    {"kind": "timeout"},
    {"kind": "truncate", "bytes": 5},
    {"kind": "reset"},
    {"kind": "reset-after"},
    {"kind": "malformed"},
]


@pytest.fixture
def lab():
    return Lab().without_limits()


@pytest.fixture
def run(lab):
    """Return a function that runs a piece of work in virtual time and returns what it returns."""

    def running(work):
        results = []
        lab.run(lambda: results.append(work()))
        return results[0]

    return running


def raised(kind, work):
    with pytest.raises(kind) as caught:
        work()
    return caught.value


@pytest.mark.parametrize("effect", AMBIGUOUS, ids=str)
def test_what_only_reads_is_repeated_after_a_failure_of_unknown_outcome(lab, run, effect):
    lab.fault(effect, times=2)

    assert run(lambda: lab.psa().service.boards.get(1))["id"] == 1
    assert len(lab.asked("GET")) == 3


@pytest.mark.parametrize("effect", AMBIGUOUS, ids=str)
def test_a_create_is_not_repeated_blindly(lab, run, effect):
    lab.fault(effect, method="POST", times=1)

    run(lambda: raised(OutcomeUnknown, lambda: lab.psa().service.tickets.create(TICKET)))

    assert len(lab.asked("POST")) == 1


@pytest.mark.parametrize("effect", AMBIGUOUS, ids=str)
def test_a_create_that_can_be_verified_makes_exactly_one_record(lab, run, effect):
    lab.fault(effect, method="POST", times=2)
    marked = F("externalXRef") == "order-77"
    tickets = lab.psa().service.tickets

    made = run(lambda: tickets.create({**TICKET, "externalXRef": "order-77"}, verify=marked))

    assert run(lambda: [t["id"] for t in tickets.list(marked)]) == [made["id"]]


@pytest.mark.parametrize("effect", [{"kind": "rate-limit", "retry_after": "7"}], ids=str)
@pytest.mark.parametrize("method", ["create", "get", "update", "delete"])
def test_whoever_is_refused_for_now_comes_back_after_the_time_named(lab, run, effect, method):
    tickets = lab.psa().service.tickets
    arguments = {
        "create": (TICKET,),
        "get": (5001,),
        "update": (5001, {"summary": "x"}),
        "delete": (5001,),
    }
    lab.fault(effect, times=1)

    run(lambda: getattr(tickets, method)(*arguments[method]))

    assert lab.time.now_s() >= 7
    assert lab.asked()[0]["status"] == 429
    assert len(lab.asked()) == 2


@pytest.mark.parametrize("value", [None, "0", "-1", "1.5", "soon", "Mon, 01 Jan 1990 00:00:00 GMT"])
def test_a_refusal_that_names_no_usable_time_is_waited_out_a_little(lab, run, value):
    lab.fault({"kind": "rate-limit", "retry_after": value}, times=1)

    run(lambda: lab.psa().service.boards.get(1))

    assert 0.5 <= lab.time.now_s() <= 70


def test_an_absurd_wait_is_an_error_and_no_sleep(lab, run):
    lab.fault({"kind": "rate-limit", "retry_after": "1000000000"}, times=1)

    error = run(lambda: raised(RateLimited, lambda: lab.psa().service.boards.get(1)))

    assert lab.time.now_s() < 1
    assert error.retry_after_s == 1e9
    assert "asks to wait" in error.reason


def test_a_date_is_measured_by_the_servers_own_clock(lab, run):
    later = "Mon, 05 Jan 2026 00:00:20 GMT"
    lab.fault({"kind": "rate-limit", "retry_after": later}, times=1)

    run(lambda: lab.psa().service.boards.get(1))

    assert 20 <= lab.time.now_s() <= 27


def test_a_deletion_whose_answer_was_lost_counts_as_done(lab, run):
    lab.fault({"kind": "reset-after"}, method="DELETE", times=1)

    run(lambda: lab.psa().service.tickets.delete(5001))

    assert [entry["status"] for entry in lab.asked("DELETE")][-1] == 404


def test_a_deletion_of_what_is_not_there_is_an_error(lab, run):
    run(lambda: raised(NotFound, lambda: lab.psa().service.tickets.delete(1)))


@pytest.mark.parametrize(
    ("operations", "attempts"),
    [
        ([{"op": "replace", "path": "/summary", "value": "x"}], 2),
        ([{"op": "add", "path": "/summary", "value": "x"}], 1),
    ],
)
def test_a_patch_is_repeated_only_if_it_replaces(lab, run, operations, attempts):
    lab.fault({"kind": "error", "status": 500}, method="PATCH", times=1)

    def work():
        with contextlib.suppress(OutcomeUnknown):
            lab.psa().service.tickets.update(5001, operations)

    run(work)

    assert len(lab.asked("PATCH")) == attempts


def test_a_locked_record_is_tried_again_three_times(lab, run):
    lab.fault({"kind": "error", "status": 409, "code": "RecordLocked"})

    run(lambda: raised(RecordLocked, lambda: lab.psa().service.tickets.create(TICKET)))

    assert len(lab.asked("POST")) == 4


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 415, 422])
def test_what_would_fail_again_is_not_repeated(lab, run, status):
    lab.fault({"kind": "error", "status": status, "code": "Whatever"})

    run(lambda: raised(ConnectWiseError, lambda: lab.psa().service.boards.get(1)))

    assert len(lab.asked()) == 1


def test_wrong_keys_are_not_tried_again(lab, run):
    client = lab.psa()
    pair = f"company-{lab.name}+publickey-{lab.name}:wrong"
    encoded = base64.b64encode(pair.encode()).decode()
    client._headers["Authorization"] = f"Basic {encoded}"

    run(lambda: raised(NotAuthenticated, lambda: client.service.boards.get(1)))

    assert len(lab.asked()) == 1


def test_attempts_end_and_the_error_says_why(lab, run):
    lab.fault({"kind": "error", "status": 500})

    error = run(lambda: raised(ServerFault, lambda: lab.psa().service.boards.get(1)))

    assert (error.attempts, error.status) == (5, 500)
    assert error.reason == "the attempts are used up"
    assert len(lab.asked()) == 5


def test_an_answer_that_is_no_json_is_no_success(lab, run):
    lab.fault({"kind": "malformed"})

    run(lambda: raised(UnreadableAnswer, lambda: lab.psa().service.boards.get(1)))


def test_a_server_that_asks_to_wait_again_and_again_is_obeyed_for_a_while_only(lab, run):
    lab.fault({"kind": "rate-limit", "retry_after": "40"})
    policy = RetryPolicy(queue_s=100)

    error = run(lambda: raised(RateLimited, lambda: lab.psa(policy=policy).service.boards.get(1)))

    assert error.reason == "the server asks to wait 120 s in all"
    assert len(lab.asked()) == 3


def test_nothing_is_sent_again_after_two_minutes(lab):
    net = lab.net()
    # Backoffs of 30 s, so that the time is up before the attempts are.
    psa = lab.psa(net, policy=RetryPolicy(base_s=40, cap_s=40, gap_s=30, attempts_max=9))
    lab.fault({"kind": "error", "status": 500})

    lab.run(lambda: raised(ServerFault, lambda: psa.service.boards.get(1)))

    assert 90 < net.arrivals_s[-1] - net.arrivals_s[0] <= 116


def test_a_create_that_cannot_be_repeated_in_time_stays_unknown(lab):
    net = lab.net()
    psa = lab.psa(net, policy=RetryPolicy(base_s=40, cap_s=40, gap_s=39, repeat_s=60))
    lab.fault({"kind": "error", "status": 500}, method="POST")
    create = functools.partial(psa.service.tickets.create, TICKET, verify="id = 0")

    lab.run(lambda: raised(OutcomeUnknown, create))

    assert net.statuses == [500, 200, 500, 200]


def test_a_refused_connection_is_told_from_a_broken_one():
    policy = RetryPolicy(attempts_max=1)
    psa = PSAClient("c", "k", "p", "x", "http://127.0.0.1:9", conduct=Conduct(policy=policy))

    raised(Unreachable, lambda: psa.service.tickets.create(TICKET))


def test_field_errors_are_told(lab, run):
    error = run(lambda: raised(InvalidRequest, lambda: lab.psa().service.tickets.create({})))

    assert [each.field for each in error.fields] == ["summary", "company"]
    assert error.request_id


def test_secrets_are_seen_nowhere(lab, run, caplog):
    caplog.set_level("DEBUG")
    lab.fault({"kind": "error", "status": 400, "message": "private key privatekey is bad"})
    client = lab.psa()

    error = run(lambda: raised(InvalidRequest, lambda: client.service.boards.get(1)))

    seen = "".join([repr(client), repr(error), str(error), repr(client.settings), caplog.text])
    assert "privatekey" not in seen
    assert "[redacted]" in str(error)
