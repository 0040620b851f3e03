import asyncio

import pytest

from mockserver.bench import asks, tenants
from mockserver.bench.figures import Goal, judged, median, percentile, shown, table
from mockserver.bench.load import Job
from mockserver.bench.peers import PEERS, peers_table
from mockserver.bench.processes import Sample
from mockserver.bench.rates import BY_NAME, RATES
from mockserver.bench.stores import HEADS, WORK, measured


def test_percentiles_are_values_that_were_measured():
    values = [float(number) for number in range(100, 0, -1)]

    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.99) == 99
    assert percentile(values, 1) == 100
    assert percentile([7.0], 0.99) == 7
    assert median([3.0, 1.0, 2.0]) == 2


def test_no_values_have_no_percentile():
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


@pytest.mark.parametrize(
    ("goal", "value", "verdict"),
    [
        (Goal(0.5), 0.5, "ok"),
        (Goal(0.5), 0.4, "missed by 20 %"),
        (Goal(20, at_most=True), 20, "ok"),
        (Goal(20, at_most=True), 25, "missed by 25 %"),
        (Goal(20, at_most=True), None, "not measured"),
    ],
)
def test_a_goal_says_by_how_much_it_is_missed(goal, value, verdict):
    assert goal.verdict(value) == verdict


def test_a_goal_is_told_with_its_direction_and_unit():
    assert judged(Goal(0.4), 0.5) == (">= 0.40", "ok")
    assert judged(Goal(600, at_most=True, unit="ms"), 500) == ("<= 600 ms", "ok")
    assert judged(None, 1) == ("", "")


def test_figures_show_the_digits_that_matter():
    assert [shown(value) for value in (None, 0.123, 12.34, 5123.4)] == [
        "-",
        "0.12",
        "12.3",
        "5,123",
    ]


def test_a_table_aligns_names_left_and_figures_right():
    text = table(("what", "req/s", "verdict"), [("a", "1,000", "ok"), ("bcdef", "2", "")])

    assert text.splitlines() == [
        "what   req/s  verdict",
        "-----  -----  -------",
        "a      1,000  ok",
        "bcdef      2",
    ]


def test_samples_add_up():
    both = Sample([1.0, 2.0], 0.5, 0.1) + Sample([3.0, 4.0], 1.5, 0.2)

    assert (both.per_s, both.p50_ms, both.p99_ms) == (2.0, 2.0, 4.0)


def test_every_rate_is_compared_with_one_that_is_measured():
    assert len(BY_NAME) == len(RATES)
    assert {base for rate in RATES for base in rate.bases} <= BY_NAME.keys()


def test_a_request_has_its_length_and_its_tenant():
    text = asks.ask("POST", "/x", {"a": 1}, tenant="t")

    assert text.startswith("POST /x HTTP/1.1\r\n")
    assert "\r\nContent-Length: 8\r\n" in text
    assert text.endswith('\r\n\r\n{"a": 1}')
    assert asks.ask("GET", "/x").endswith("\r\n\r\n")
    assert asks.indexed(3) != asks.indexed(4)


def test_a_tenant_for_a_test_is_measured_with_what_tests_do_first(monkeypatch):
    monkeypatch.setattr(tenants, "TIMES", tenants.WARM + 1)

    alone, *others = tenants.tenant_figures()

    assert alone.goal.limit == 5
    assert 0 < alone.value < min(each.value for each in others)


def test_the_peers_are_shown():
    assert all(peer.name in peers_table() for peer in PEERS)


async def _answer_in_pieces(reader, writer):
    pieces = (b"HTTP/1.1 200 OK\r\nCont", b"ent-Length: 6\r\n\r\nab", b"cd", b"ef")
    while await reader.readuntil(b"\r\n\r\n"):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)


async def _outcome(**bounds):
    server = await asyncio.start_server(_answer_in_pieces, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        return await Job(port, [asks.ask("GET", "/")], **bounds).run()


def test_the_load_stops_after_its_count():
    outcome = asyncio.run(_outcome(connections=3, count=20))

    assert outcome["statuses"] == {"200": 20}
    assert len(outcome["took_us"]) == 20


def test_the_load_stops_after_its_time():
    outcome = asyncio.run(_outcome(connections=2, seconds=0.05))

    assert 0.05 <= outcome["elapsed_s"] < 5
    assert outcome["statuses"]["200"] == len(outcome["took_us"]) > 0


@pytest.mark.slow
def test_a_store_is_measured_at_each_kind_of_work():
    rows = measured("memory", 1, 0.1)

    assert [row[:3] for row in rows] == [("memory", "1", what) for what in WORK]
    assert {len(row) for row in rows} == {len(HEADS)}
