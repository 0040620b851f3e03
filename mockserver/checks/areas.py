"""Both vendors: what holds in every area, tried on the collections that integrations read most."""

from collections.abc import Callable
from typing import Any

from mockserver.checks import psa_reads
from mockserver.checks.fact import Claims, Fact
from mockserver.checks.probe import Probe, id_of

PSA_SOURCE = "seeds 002 and 004: lists, records by id, /count; the paths: the vendor's description"
AUTOMATE_SOURCE = "automate facts 29, 30 and the table of routes"
#: Of PSA, by area.
PSA_LISTS = (
    *("/company/companies", "/company/companies/statuses", "/company/companies/types"),
    *("/company/configurations", "/company/configurations/types", "/company/contacts"),
    *("/finance/agreements", "/finance/agreements/types", "/finance/invoices"),
    *("/expense/entries", "/expense/types", "/marketing/campaigns", "/marketing/groups"),
    *("/procurement/catalog", "/procurement/manufacturers", "/procurement/products"),
    *("/project/projects", "/project/statuses", "/sales/activities", "/sales/opportunities"),
    *("/schedule/entries", "/schedule/types", "/service/boards", "/service/priorities"),
    *("/service/sources", "/service/SLAs", "/service/tickets", "/system/callbacks"),
    *("/system/locations", "/system/members", "/time/entries", "/time/sheets"),
    *("/time/workRoles", "/time/workTypes"),
)
#: Of Automate.
AUTOMATE_LISTS = (
    *("/Alerts", "/Clients", "/Commands", "/Computers", "/Contacts", "/Groups", "/Locations"),
    *("/NetworkDevices", "/Scripts", "/ScriptFolders", "/Searches", "/Users"),
)


def _name(path: str) -> str:
    words = path.strip("/").casefold().replace("/", "_")
    return f"{words}_can_be_listed_and_read_one_by_one"


def _psa(path: str) -> Callable[[Probe], None]:
    def attempt(probe: Probe) -> None:
        rows = psa_reads.rows_of(probe, path, pageSize=1)
        probe.expect(len(rows) <= 1, f"{len(rows)} rows on a page of one")
        _expect_read_back(probe, path, rows)
        counted = probe.get(f"{path}/count")
        probe.expect_status(counted, 200)
        probe.expect(counted.body["count"] >= len(rows), f"the count is {counted.body['count']}")

    attempt.__name__ = _name(path)
    return attempt


def _automate(path: str) -> Callable[[Probe], None]:
    def attempt(probe: Probe) -> None:
        answer = probe.get(path, pageSize=1)
        probe.expect_status(answer, 200)
        probe.expect(isinstance(answer.body, list), "the body is no array")
        probe.expect(len(answer.body) <= 1, f"{len(answer.body)} rows on a page of one")
        probe.expect(answer.headers.get("total-count", "").isdigit(), "no number in Total-Count")

    attempt.__name__ = _name(path)
    return attempt


def _expect_read_back(probe: Probe, path: str, rows: list[Any]) -> None:
    for row in rows:
        found = probe.get(f"{path}/{id_of(row)}")
        probe.expect_status(found, 200)
        probe.expect(id_of(found.body) == id_of(row), f"another record than {id_of(row)}")


#: Every area's fact.
FACTS: tuple[Fact, ...] = (
    *(Claims("psa").documented(PSA_SOURCE)(_psa(path)) for path in PSA_LISTS),
    *(Claims("automate").observed(AUTOMATE_SOURCE)(_automate(path)) for path in AUTOMATE_LISTS),
)
