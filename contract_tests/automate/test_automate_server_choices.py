"""What no source tells of what a server has, and of what it says of itself, is a switch."""

import pytest

PROBE = "/Locations/1/ProbeConfiguration"


@pytest.fixture
def asked(make_tenant):
    """Return what makes a caller of a tenant with single quirks."""

    def make(dialect="documented", **quirks):
        return make_tenant(automate=quirks).unlimited().automate(dialect)

    return make


@pytest.mark.assumed("automate facts 10.1, 69, 89: what no list of routes has, a server may have")
@pytest.mark.parametrize("dialect", ["documented", "observed"])
def test_what_a_server_has_not(asked, dialect):
    absent = ["GET /Monitors/{id}", "PATCH /Computers/{id}", "DELETE /Monitors/{id}"]
    callers = asked(dialect, absent_operations=[]), asked(dialect, absent_operations=absent)
    monitor = callers[0].get("/Monitors?pageSize=1").json[0]
    path = f"/Monitors/{monitor.get('MonitorID') or monitor['MonitorId']}"

    codes = [
        (
            each.get(path).status_code,
            each.patch("/Computers/97", json={"Comment": "x"}).status_code,
            each.patch(path, json={"Description": "x"}).status_code,
        )
        for each in callers
    ]

    assert codes == [(200, 200, 200), (405, 405, 200)]
    refused = callers[1].delete(path)
    assert (refused.status_code, refused.headers["Allow"]) == (405, "PATCH, PUT")
    assert callers[1].get("/Computers/97").status_code == 200


@pytest.mark.assumed("where nothing on a path is there, the path is not")
def test_a_path_of_which_nothing_is_there(asked):
    caller = asked(absent_operations=["GET /Plugins"])

    assert caller.get("/Plugins").status_code == caller.get("/Nothing").status_code == 404


@pytest.mark.observed("automate facts 10.1 and 89: alerts and monitors are read, scripts are added")
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/Alerts", "GET"),
        ("PATCH", "/Alerts/1", "GET"),
        ("DELETE", "/Monitors/1", "GET"),
        ("PUT", "/Scripts/1", "GET"),
    ],
)
def test_what_the_observed_api_does_not_let_a_caller_do(automate_observed, method, path, allowed):
    answer = automate_observed.request(method, path, json={})

    assert answer.status_code == 405
    assert answer.headers["Allow"].split(", ")[0] == allowed
    assert method not in answer.headers["Allow"]


@pytest.mark.assumed("automate facts 3: XML is offered, and nobody uses it")
@pytest.mark.parametrize("checked", [False, True])
def test_what_a_caller_takes(asked, checked):
    caller = asked(accept_checked=checked)
    json = ("application/json", "text/json", "*/*", "text/xml, application/*;q=0.1", "")

    taken = [caller.get("/Clients/100", headers={"Accept": each}) for each in json]
    other = [
        caller.get("/Clients/100", headers={"Accept": each})
        for each in ("application/xml", "text/xml", "application/json;q=0", "nonsense")
    ]

    assert {each.status_code for each in taken} == {200}
    assert {each.status_code for each in other} == {406 if checked else 200}
    assert all(each.content_type.startswith("application/json") for each in other)


@pytest.mark.assumed("automate facts 10.1 has the routes only")
def test_what_a_server_says_of_itself(asked):
    usual, own = (
        asked(),
        asked(
            plugin_members=["PluginId", "Title", "Enabled"], patch_versions={"AgentVersion": "1.2"}
        ),
    )

    rows, versions = ([each.get(path).json for each in (usual, own)] for path in PATHS)

    assert [set(each[0]) for each in rows] == [
        {"Id", "Name", "IsEnabled"},
        {"PluginId", "Title", "Enabled"},
    ]
    assert rows[0][0]["Name"] == rows[1][0]["Title"]
    assert versions[0].keys() > {"WebServerPatchVersion", "LastPatchedDate"}
    assert versions[1].keys() == {"AgentVersion", "LastPatchedDate"}


PATHS = ("/Plugins", "/PatchInformation")


@pytest.mark.assumed("automate facts 10.1 has the routes only")
def test_what_a_new_probe_is_told(asked):
    own = {"AgentDeploymentAttemptMaximum": 7}
    callers = asked(), asked(probe_defaults=own, probe_snmp_defaults={"SnmpTimeoutInSeconds": 9})
    found = []
    for caller in callers:
        setup = caller.post(PROBE, json={}).json
        snmp = caller.get("/ProbeConfiguration/1/SnmpConfiguration").json
        found.append((setup["AgentDeploymentAttemptMaximum"], snmp["SnmpTimeoutInSeconds"]))

    assert found == [(3, 5), (7, 9)]


@pytest.mark.assumed("no source tells whether a PUT of a list replaces what it does not name")
@pytest.mark.parametrize(("replaced", "left"), [(True, 1), (False, 3)])
def test_the_push_credentials_of_a_probe(asked, replaced, left):
    caller = asked(push_credentials_replaced=replaced)
    caller.post(PROBE, json={})
    path = "/ProbeConfiguration/1/AgentPushCredentials"
    caller.delete(path)

    caller.put(path, json=[{}, {}])
    answer = caller.put(path, json=[{}])

    assert len(answer.json) == len(caller.get(path).json) == left


@pytest.mark.assumed("ours: no source tells what a client's external credentials are")
@pytest.mark.parametrize("has", [True, False])
def test_external_credentials_of_a_client(asked, has):
    caller = asked("observed", credentials_from_logins=has)

    assert caller.get("/Clients/100/deploymentlogins").json
    assert bool(caller.get("/ExternalSystemCredentials/Clients/100").json) is has
