"""The pages in a real browser: the main task of each, by clicking and typing."""

import requests
from browser_support import CALLER, IN_A_BROWSER, TICKETS, admin

pytestmark = IN_A_BROWSER


def test_a_request_appears_is_opened_and_sent_again(page, server):
    page.goto("/_mock/")
    page.evaluate("window.neverLeft = true")
    requests.get(f"{server}{TICKETS}?pageSize=1", **CALLER)
    page.get_by_role("link", name=f"{TICKETS}?pageSize=1").wait_for()
    assert page.evaluate("window.neverLeft"), "it appeared by the stream, without a reload"
    page.get_by_role("link", name=f"{TICKETS}?pageSize=1").click()
    page.get_by_label("URL").fill(f"{TICKETS}?pageSize=2")
    page.get_by_role("button", name="Send").click()

    page.wait_for_url("**/pages/traffic/2?*")
    assert "pageSize=2" in page.get_by_role("heading", level=1).inner_text()


def test_the_tail_stops_and_catches_up_with_what_came_meanwhile(page, server):
    def ask(size):
        requests.get(f"{server}{TICKETS}?pageSize={size}", **CALLER)
        return page.get_by_role("link", name=f"{TICKETS}?pageSize={size}", exact=True)

    page.goto("/_mock/")
    ask(1).wait_for()
    page.get_by_label("live").uncheck()
    meanwhile = ask(2)
    page.get_by_label("live").check()
    meanwhile.wait_for()
    requests.post(f"{server}/_mock/reset", timeout=10).raise_for_status()
    ask(3).wait_for()

    sizes = [row.rpartition("=")[2] for row in page.locator("td.url a").all_inner_texts()]
    assert sizes == ["3", "2", "1"], "numbers begin anew with a reset, and hide nothing"


def test_a_fault_is_added_strikes_and_is_removed(page, server):
    page.goto("/_mock/pages/faults")
    page.get_by_label("Kind").select_option("html")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("heading", name="Faults").wait_for()
    page.locator("td code").wait_for()
    requests.get(f"{server}{TICKETS}", **CALLER)
    page.reload()

    assert page.locator("td.n").first.inner_text() == "1"
    page.get_by_role("button", name="Remove", exact=False).first.click()
    page.get_by_text("No rules").wait_for()
    assert admin(server, "faults") == {"faults": []}


def test_a_script_of_effects_and_an_outage_are_added(page, server):
    page.goto("/_mock/pages/faults")
    page.get_by_label("Effect").fill('[{"kind": "error", "status": 502}, null]')
    page.get_by_role("button", name="Add").click()
    page.locator("td code").wait_for()
    page.get_by_label("At most times").fill("")
    page.get_by_label("Begins after").fill("60")
    page.get_by_label("Lasts").fill("300")
    page.get_by_role("button", name="Add").click()
    page.get_by_text("from 60").wait_for()

    script, outage = admin(server, "faults")["faults"]
    assert script["sequence"] == [{"kind": "error", "status": 502}, None]
    assert (outage["start_seconds"], outage["duration_seconds"]) == (60, 300)
    assert "for 300" in page.locator("tbody tr").last.inner_text()


def test_the_url_of_an_exchange_is_seen_without_scrolling(page, server):
    requests.get(f"{server}{TICKETS}?pageSize=1", **CALLER)
    page.goto("/_mock/")
    place = page.locator("td.url a").bounding_box()

    assert place["x"] + place["width"] <= page.viewport_size["width"]


def test_the_clock_is_frozen_and_advanced(page, server):
    page.goto("/_mock/pages/clock")
    page.get_by_role("button", name="Freeze").click()
    page.get_by_role("button", name="Let it run").wait_for()
    before = admin(server, "clock")["now"]
    page.get_by_label("Advance by seconds").fill("3600")
    with page.expect_navigation():
        page.get_by_role("button", name="Advance").click()

    after = admin(server, "clock")
    assert after["frozen"]
    assert after["now"][:10] >= before[:10]
    assert after["now"] != before


def test_a_quota_is_changed_and_a_wrong_one_is_told(page, server):
    page.goto("/_mock/pages/limits")
    psa = page.get_by_role("region", name="psa")
    psa.get_by_label("requests", exact=True).fill("-1")
    psa.get_by_role("button", name="Set").click()
    page.get_by_role("alert").filter(has_text="requests").wait_for()
    psa.get_by_label("requests", exact=True).fill("7")
    with page.expect_navigation():
        psa.get_by_role("button", name="Set").click()

    assert admin(server, "limits")["psa"]["requests"] == 7


def test_rows_are_found_by_the_vendors_own_condition(page):
    page.goto("/_mock/pages/data")
    page.get_by_label("Collection").fill("service/tickets")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="service/tickets", exact=True).click()
    page.get_by_label("Condition").fill("sumary = 1")
    page.get_by_role("button", name="Show").last.click()
    page.get_by_role("alert").filter(has_text="Closest: summary").wait_for()
    page.get_by_label("Condition").fill("id = 5000")
    page.get_by_role("button", name="Show").last.click()

    assert page.locator("tbody tr").count() == 1


def test_a_tenant_is_created_and_deleted(page, server):
    page.goto("/_mock/pages/tenants")
    page.get_by_label("Name").fill("team-a")
    page.get_by_label("World").select_option("tiny")
    page.get_by_role("button", name="Create").click()
    page.get_by_role("link", name="team-a").wait_for()
    page.get_by_role("button", name="Delete team-a").click()
    page.get_by_role("link", name="team-a").wait_for(state="detached")

    assert [each["name"] for each in admin(server, "tenants")["tenants"]] == ["default"]


def test_a_state_is_downloaded_and_taken_in(page, tmp_path):
    page.goto("/_mock/pages/tenants")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download its state").click()
    started.value.save_as(tmp_path / "default.zip")
    page.get_by_label("State to take in (zip)").set_input_files(tmp_path / "default.zip")
    page.get_by_role("button", name="Take in for default").click()
    page.get_by_role("button", name="Give up what was taken in by default").click()
    page.get_by_role("button", name="Give up what was taken in").wait_for(state="detached")

    tmp_path.joinpath("none.zip").write_text("none")
    page.get_by_label("State to take in (zip)").set_input_files(tmp_path / "none.zip")
    page.get_by_role("button", name="Take in for default").click()
    page.get_by_role("alert").filter(has_text="no zip that can be read").wait_for()


def test_the_first_tab_leads_past_the_menu(page):
    page.goto("/_mock/")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.className") == "skip"
