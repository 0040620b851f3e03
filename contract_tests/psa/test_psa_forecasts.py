"""The items of an opportunity's forecast (the description's ForecastItem; facts 8.14)."""

import pytest

OPPORTUNITY = "/sales/opportunities/1"
FORECAST = f"{OPPORTUNITY}/forecast"


def forecast(caller):
    return caller.get(FORECAST).json[0]


def added(caller, **members):
    number = forecast(caller)["id"]
    body = {"forecastType": "Product", "status": {"id": 1}, "revenue": 100, "cost": 60, **members}
    body = {"opportunity": {"id": 1}, **body}
    answer = caller.post(f"{FORECAST}/{number}", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json


@pytest.mark.documented("the description: GET …/forecast/{id} answers a ForecastItem")
def test_every_item_of_a_forecast_can_be_read(caller):
    for item in forecast(caller)["forecastItems"]:
        assert caller.get(f"{FORECAST}/{item['id']}").json == item

    assert caller.get(f"{FORECAST}/987654").status_code == 404
    assert caller.get("/sales/opportunities/987654/forecast/11").status_code == 404


@pytest.mark.documented("the description: POST …/forecast/{id} takes a ForecastItem")
def test_an_added_item_counts(caller):
    before = forecast(caller)

    item = added(caller, forecastDescription="Switches")

    after = forecast(caller)
    assert after["forecastItems"] == [*before["forecastItems"], item]
    for name in ("productRevenue", "forecastRevenueTotals"):
        assert after[name]["revenue"] == pytest.approx(before[name]["revenue"] + 100)
        assert after[name]["cost"] == pytest.approx(before[name]["cost"] + 60)
    assert (item["margin"], item["status"]["name"]) == (40, "Open")


@pytest.mark.documented("the description: PUT, PATCH, DELETE and copy")
def test_an_item_is_changed_copied_and_removed(caller):
    total = forecast(caller)["forecastRevenueTotals"]["revenue"]
    item = added(caller)
    url = f"{FORECAST}/{item['id']}"

    patched = caller.patch(url, json=[{"op": "replace", "path": "revenue", "value": 250}])
    assert (patched.status_code, patched.json["revenue"]) == (200, 250)
    assert patched.json["cost"] == 60
    replaced = caller.put(url, json={**item, "revenue": 300})
    assert (replaced.status_code, replaced.json["revenue"]) == (200, 300)
    copied = caller.post(f"{FORECAST}/copy/{item['id']}")
    assert copied.json == {"success": True, "message": "Success"}
    twin = forecast(caller)["forecastItems"][-1]
    assert (twin["revenue"], twin["id"] != item["id"]) == (300, True)
    for each in (item["id"], twin["id"]):
        assert caller.delete(f"{FORECAST}/{each}").status_code == 204
    assert caller.get(url).status_code == 404
    assert forecast(caller)["forecastRevenueTotals"]["revenue"] == pytest.approx(total)


@pytest.mark.assumed("an item that is wrong changes nothing")
@pytest.mark.parametrize(
    "wrong",
    [{"forecastType": "Nothing"}, {"status": {"id": 987_654}}, {"status": None}, {"nobody": 1}],
)
def test_a_wrong_item_is_refused(caller, wrong):
    before = forecast(caller)
    body = {"opportunity": {"id": 1}, "forecastType": "Product", "status": {"id": 1}, **wrong}

    answer = caller.post(f"{FORECAST}/{before['id']}", json=body)

    assert answer.status_code == 400, answer.text
    assert forecast(caller) == before
