"""The card as a page: every verdict leads to the requests that it rests on."""

import re
from dataclasses import replace

from journals import Script

from mockserver.grading.metric import FAIL, Metric
from mockserver.grading.page import page
from mockserver.grading.report import graded

LINK = re.compile(r"href='#([^']+)'")
ANCHOR = re.compile(r"id='([^']+)'")


def journal():
    """Return a client that comes back early and repeats a create after its answer was lost."""
    script = Script()
    for _ in range(25):
        script.add(429, retry_after="5", query="conditions=id+%3E+7")
        script.add(200, query="conditions=id+%3E+7")
    lost = {"method": "POST", "digest": "d1935t", "applied": True}
    script.add(500, **lost, effects=("service/tickets/8",), faults=(("fault-1", "error-after"),))
    script.add(201, **lost, effects=("service/tickets/9",))
    return script


def shown(script, **members):
    return page([graded(script.client)], **members)


def row(text, number):
    return re.search(rf"<tr id='c1-r{number}'>.*?</tr>", text)[0]


def test_every_link_leads_somewhere():
    text = shown(journal())
    links = LINK.findall(text)

    assert len(links) > 50
    assert set(links) <= set(ANCHOR.findall(text))
    assert len(ANCHOR.findall(text)) == len(set(ANCHOR.findall(text)))


def test_all_evidence_of_what_was_failed_has_a_row():
    script = journal()
    text = shown(script)
    failed = graded(script.client).failed

    assert {metric.id for metric in failed} >= {"M1", "M11", "M12"}
    for metric in failed:
        for number in metric.evidence:
            assert f"#c1-{metric.id}'>{metric.id}</a>" in row(text, number)


def test_a_row_tells_what_was_asked_and_what_happened():
    text = shown(journal())

    early = row(text, 2)
    assert "<code>GET /service/tickets?conditions=id &gt; 7</code>" in early
    assert "repeats <a href='#c1-r1'>1</a> after 1.000 s, told to wait 5 s" in early
    assert "1.100 s" in early
    again = row(text, 52)
    assert "<code>d1935t</code>" in again
    assert "work done, made service/tickets/9" in again
    assert ">201<" in again
    assert "struck by error-after" in row(text, 51)


def test_a_finding_leads_to_its_requests():
    text = shown(journal())
    finding = re.search(r"<div class='trap' id='c1-repeated-create'>.*?</div>", text)[0]

    assert LINK.findall(finding) == ["c1-r51", "c1-r52"]
    assert "#c1-repeated-create" in row(text, 52)


def test_where_a_server_runs_a_row_leads_to_the_whole_exchange():
    text = shown(journal(), whole=lambda number: f"pages/traffic/{number}?a=1&b='x'")

    assert "<a href='pages/traffic/2?a=1&amp;b=&#x27;x&#x27;'" in row(text, 2)


def test_two_cards_share_no_anchor():
    cards = [graded(journal().client) for _ in range(2)]
    anchors = ANCHOR.findall(page(cards))

    assert len(anchors) == len(set(anchors))


def test_what_a_client_sent_stays_text():
    script = Script()
    for _ in range(25):
        script.add(429, retry_after="5", path="/<b>\u202e", query="a=%00%3Cscript%3E", digest="<i>")
        script.add(200, path="/<b>\u202e", query="a=%00%3Cscript%3E", digest="<i>")
    text = shown(script)

    assert not re.search(r"<script|<b>|<i>|[\0\u202e]", text)


def test_what_others_sent_is_told_apart():
    client = Script().add(200).add(200, key="other", method="POST", applied=True).client
    client.attempts = [each for each in client.attempts if each.key == "publickey"]
    card = graded(client)
    proven = {**card.metrics, "M1": Metric("M1", "x", 0.0, 1, FAIL, (2,))}

    assert "from another client" in row(page([replace(card, metrics=proven)]), 2)
