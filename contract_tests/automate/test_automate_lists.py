"""Lists: pages, totals, order, projection, ids; the parameters that nobody knows."""

import pytest

REPEATED = "An item with the same key has already been added."


def totals(answer):
    names = ("Total-Count", "X-Total-Count", "X-Page", "X-Page-Size", "X-Total-Pages")
    return {name: answer.headers[name] for name in names if name in answer.headers}


def ids(answer, name="ComputerID"):
    assert answer.status_code == 200, answer.text
    return [row[name] for row in answer.json]


@pytest.mark.documented("seed 000, 'Pagination'")
def test_a_documented_page_has_50_rows_and_four_headers(automate):
    answer = automate.get("/Computers")

    assert len(answer.json) == 50
    total = int(answer.headers["X-Total-Count"])
    assert totals(answer) == {
        "Total-Count": str(total),
        "X-Total-Count": str(total),
        "X-Page": "1",
        "X-Page-Size": "50",
        "X-Total-Pages": str(-(-total // 50)),
    }


@pytest.mark.observed("automate facts 29, 30, 32")
def test_an_observed_page_has_30_rows_and_one_header(automate_observed):
    answer = automate_observed.get("/Computers")

    assert isinstance(answer.json, list)
    assert len(answer.json) == 30
    assert list(totals(answer)) == ["Total-Count"]


@pytest.mark.live
@pytest.mark.documented("seed 000, 'Efficient Pagination Pattern'")
@pytest.mark.parametrize("size", [7, 100, 250])
def test_the_pages_together_are_the_whole_list(automate, size):
    first = automate.get(f"/Computers?page=1&pageSize={size}")
    pages = int(first.headers["X-Total-Pages"])

    rows = [
        row
        for page in range(1, pages + 1)
        for row in ids(automate.get(f"/Computers?page={page}&pageSize={size}"))
    ]

    assert len(rows) == len(set(rows)) == int(first.headers["X-Total-Count"])
    assert rows == sorted(rows)


@pytest.mark.live
@pytest.mark.assumed("C9: what the seed does above its maximum is unstated; it is clamped")
@pytest.mark.parametrize("size", [1_001, 5_000, 999_999_999_999])
def test_documented_pages_are_clamped_to_1000(automate, size):
    answer = automate.get(f"/Computers?pageSize={size}")

    assert answer.status_code == 200
    assert answer.headers["X-Page-Size"] == "1000"


@pytest.mark.observed("automate facts 33: 2,000 and 10,000 work, -1 returns everything")
@pytest.mark.parametrize("size", ["2000", "10000", "-1"])
def test_observed_pages_have_no_cap(automate_observed, size):
    answer = automate_observed.get(f"/Computers?pageSize={size}")

    assert len(answer.json) == int(answer.headers["Total-Count"]) > 30


@pytest.mark.live
@pytest.mark.observed("automate facts 31: a page past the end is 200 []")
@pytest.mark.parametrize("page", [99, 10**17])
def test_a_page_past_the_end_is_empty(automate, automate_observed, page):
    for caller in (automate, automate_observed):
        whole = caller.get("/Computers")
        answer = caller.get(f"/Computers?page={page}")

        assert (answer.status_code, answer.json) == (200, [])
        assert answer.headers["Total-Count"] == whole.headers["Total-Count"]


@pytest.mark.live
@pytest.mark.assumed("automate facts 14: page 0 and negative pages are unknown; read as 1")
@pytest.mark.parametrize("page", ["0", "-1", "", "1"])
def test_pages_below_one_are_the_first(automate, page):
    answer = automate.get(f"/Computers?page={page}")

    assert answer.headers["X-Page"] == "1"
    assert ids(answer) == ids(automate.get("/Computers"))


@pytest.mark.live
@pytest.mark.assumed("nobody recorded what garbage in a number does; a framework refuses it")
@pytest.mark.parametrize("name", ["page", "pageSize", "ids"])
@pytest.mark.parametrize("value", ["abc", "1.5", "1e3", "٣", "9" * 40, "1;2"])
def test_garbage_in_a_number_is_refused(automate, automate_observed, name, value):
    message = f"The value '{value}' is not valid for {name}."

    documented = automate.get("/Computers", params={name: value})
    observed = automate_observed.get("/Computers", params={name: value})

    assert documented.status_code == observed.status_code == 400
    details = {"field": name, "value": value}
    assert documented.json == {
        "error": {"code": "BadRequest", "message": message, "details": details}
    }
    assert observed.json == {"Message": message}


@pytest.mark.live
@pytest.mark.assumed("a page of no rows makes no sense; -1 is the observed way to ask for all")
@pytest.mark.parametrize("size", ["0", "-1", "-2"])
def test_documented_pages_have_at_least_one_row(automate, size):
    answer = automate.get(f"/Computers?pageSize={size}")

    assert answer.status_code == 400
    assert answer.json["error"]["message"] == "The pageSize must be at least 1."


@pytest.mark.live
@pytest.mark.observed("automate facts 51; the seed is silent, so both dialects do it")
@pytest.mark.parametrize("query", ["pageSize=1&pageSize=2", "condition=Id=1&Condition=Id=2"])
def test_the_same_parameter_twice_is_refused(automate, automate_observed, query):
    documented, observed = (c.get(f"/Computers?{query}") for c in (automate, automate_observed))

    assert (observed.status_code, observed.json) == (400, {"Message": REPEATED})
    assert (documented.status_code, documented.json) == (
        400,
        {"error": {"code": "BadRequest", "message": REPEATED}},
    )


@pytest.mark.live
@pytest.mark.observed("automate facts 38: a mistyped parameter returns the full set")
@pytest.mark.parametrize(
    "query", ["conditions=Status='Offline'", "options.includedFields=Id", "filter=x", "%00=1"]
)
def test_unknown_parameters_are_ignored(automate, automate_observed, query):
    for caller in (automate, automate_observed):
        assert caller.get(f"/Computers?{query}").json == caller.get("/Computers").json


@pytest.mark.live
@pytest.mark.observed("automate facts 2 and C7: query names are case-insensitive")
def test_parameter_names_may_be_spelt_in_any_case(automate_observed):
    plain = automate_observed.get("/Computers?page=2&pageSize=3&includeFields=Id")

    for query in ("PAGE=2&pagesize=3&includefields=id", "Page=2&PageSize=3&IncludeFields=ID"):
        assert automate_observed.get(f"/computers?{query}").json == plain.json


@pytest.mark.observed("automate facts 36")
def test_ids_restricts_to_records(automate, automate_observed):
    assert ids(automate.get("/Computers?ids=99,97, 98")) == [97, 98, 99]
    assert ids(automate_observed.get("/Computers?ids='97',98&condition=Id != 98"), "Id") == ["97"]
    assert ids(automate.get("/Computers?ids=999999")) == []


@pytest.mark.observed("automate facts 35")
def test_fields_are_included_and_excluded_by_flat_lists(automate, automate_observed):
    row = automate.get("/Computers/97").json
    wire = automate_observed.get("/Computers/97").json

    assert automate.get("/Computers/97?includeFields=ComputerID,name").json == {
        "ComputerID": 97,
        "Name": row["Name"],
    }
    assert automate_observed.get("/Computers?ids=97&includeFields=Id,Client").json == [
        {"Id": "97", "Client": wire["Client"]}
    ]
    left = automate_observed.get("/Computers?ids=97&excludefields=address,irq").json
    assert left == [{n: v for n, v in wire.items() if n not in {"Address", "IRQ"}}]


@pytest.mark.live
@pytest.mark.observed("automate facts 34")
@pytest.mark.parametrize(
    ("order", "descends"),
    [("Name", False), ("Name asc", False), ("name DESC", True), ("Name  desc", True)],
)
def test_lists_are_ordered_by_a_field(automate, order, descends):
    names = [r["Name"].casefold() for r in automate.get(f"/Clients?orderBy={order}").json]

    assert names == sorted(names, reverse=descends)


@pytest.mark.live
@pytest.mark.assumed("automate facts 34: several keys are unproven; the id decides last")
def test_several_keys_order_one_after_the_other(automate, automate_observed):
    rows = automate.get("/Computers?pageSize=1000&orderBy=Client.Name desc,Name").json
    keys = [(row["Client"]["Name"].casefold(), row["Name"].casefold()) for row in rows]

    assert keys == sorted(sorted(keys, key=lambda k: k[1]), key=lambda k: k[0], reverse=True)
    assert automate_observed.get("/Computers?orderBy=Id desc").json[0]["Id"] == str(
        max(row["ComputerID"] for row in rows)
    )


@pytest.mark.live
@pytest.mark.observed("automate facts 51: unknown field → 400 'Invalid field'")
@pytest.mark.parametrize("order", ["Nothing", "Name sideways", "Name; drop table"])
def test_an_unknown_order_is_refused(automate, automate_observed, order):
    documented, observed = (
        caller.get("/Clients", params={"orderBy": order})
        for caller in (automate, automate_observed)
    )

    assert documented.status_code == observed.status_code == 400
    assert "Invalid field" in observed.json["Message"]
    assert documented.json["error"]["details"] == {"field": "orderBy", "value": order}


@pytest.mark.live
@pytest.mark.documented("issue of the spine, section 5: the core resources")
@pytest.mark.parametrize(
    "path", ["Computers", "Clients", "Locations", "Scripts", "Monitors", "Alerts", "Groups"]
)
def test_every_core_resource_lists_and_reads(automate, automate_observed, path):
    documented, observed = automate.get(f"/{path}"), automate_observed.get(f"/{path}")
    key = {"Alerts": "AlertID", "Monitors": "MonitorID"}.get(path, f"{path[:-1]}ID")
    wire = {"Alerts": "AlertId", "Monitors": "MonitorId"}.get(path, "Id")

    for row, twin in zip(documented.json, observed.json, strict=False):
        assert isinstance(row[key], int)
        assert str(row[key]) == str(twin[wire])
    first = documented.json[0]
    assert automate.get(f"/{path}/{first[key]}").json == first
    assert automate_observed.get(f"/{path}/{first[key]}").json == observed.json[0]
