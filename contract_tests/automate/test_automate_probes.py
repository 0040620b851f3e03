"""Network probes: a computer that looks at its location's network, and what it is told to do."""

import pytest

PATH = "/Locations/1/ProbeConfiguration"


@pytest.mark.observed("automate facts 10.1: ProbeConfiguration GET/POST/PATCH/DELETE")
def test_a_probe_is_told_what_to_do(automate_observed):
    before = automate_observed.get(PATH).json
    operations = [
        {"Op": "replace", "Path": "/SnmpSettings/TimeoutInSeconds", "Value": 9},
        {"Op": "replace", "Path": "/AutomatedDeploymentEnabled", "Value": True},
    ]

    answer = automate_observed.patch(PATH, json=operations)

    assert (before["LocationId"], before["AutomatedDeploymentEnabled"]) == (1, False)
    assert answer.status_code == 200
    assert answer.json["SnmpSettings"]["TimeoutInSeconds"] == 9
    assert automate_observed.get(PATH).json == answer.json
    assert answer.json["AutomatedDeploymentEnabled"] is True


@pytest.mark.assumed("what cannot be read changes nothing")
def test_a_bad_wish_is_refused_in_both_dialects(automate, automate_observed):
    bad = [{"Op": "replace", "Path": "/SnmpSettings/TimeoutInSeconds", "Value": "x"}]
    for caller in (automate, automate_observed):
        before = caller.get(PATH).json
        assert caller.patch(PATH, json=bad).status_code == 400
        assert caller.post(PATH, json={"IsDataCollectionEnabled": "x"}).status_code == 400
        assert caller.get(PATH).json == before


@pytest.mark.assumed("a probe is one computer of the location; facts 10.1 has the routes only")
def test_a_probe_comes_and_goes_with_its_computer(automate_observed):
    probe = automate_observed.get("/Locations/1").json["ProbeId"]

    assert automate_observed.delete(PATH).status_code == 204
    assert automate_observed.get(PATH).status_code == 404
    assert automate_observed.get("/Locations/1").json["ProbeId"] == 0
    assert automate_observed.get(f"/Computers/{probe}").json["IsNetworkProbe"] is False

    answer = automate_observed.post(f"/ProbeConfiguration/EnableProbe/{probe}")
    assert (answer.status_code, answer.json["LocationId"]) == (200, 1)
    assert automate_observed.get("/Locations/1").json["ProbeId"] == probe
    assert automate_observed.get(f"/Computers/{probe}").json["IsNetworkProbe"] is True
    assert automate_observed.post("/ProbeConfiguration/EnableProbe/99999").status_code == 404


@pytest.mark.assumed("vendor description: one SnmpConfiguration of a probe; here of its location")
def test_a_probe_keeps_how_it_speaks_snmp(automate_observed):
    path = "/ProbeConfiguration/1/SnmpConfiguration"
    wanted = [
        {"Op": "replace", "Path": "/SnmpTimeoutInSeconds", "Value": 12},
        {"Op": "replace", "Path": "/SnmpV3Settings/SnmpV3Username", "Value": "probe"},
    ]

    answer = automate_observed.patch(path, json=wanted)

    assert answer.status_code == 200, answer.text
    assert answer.json["SnmpTimeoutInSeconds"] == 12
    assert answer.json["SnmpV3Settings"]["SnmpV3Username"] == "probe"
    assert automate_observed.get(path).json == answer.json
    automate_observed.patch(PATH, json=[{**wanted[0], "Path": "/AutomatedDeploymentEnabled"}])
    assert automate_observed.get(path).json == answer.json
    bad = [{**wanted[0], "Value": "x"}]
    assert automate_observed.patch(path, json=bad).status_code == 400
    assert automate_observed.get(path.replace("1", "99999")).status_code == 404


@pytest.mark.assumed("vendor description: PUT takes the list of AgentPushCredentials")
def test_the_credentials_of_a_probe_are_its_own(automate_observed):
    probed = automate_observed.get("/Locations?condition=ProbeId > 0&pageSize=2").json
    ids = [row["Id"] for row in probed]
    one, other = (f"/ProbeConfiguration/{each}/AgentPushCredentials" for each in ids)
    before = automate_observed.put(other, json=[{"CredentialsAlias": "Other"}]).json
    wanted = [{"CredentialsAlias": "First", "AttemptSequence": 1}, {"CredentialsAlias": "Second"}]

    put = automate_observed.put(one, json=wanted)

    assert put.status_code == 200, put.text
    assert automate_observed.get(one).json == put.json
    assert [row["CredentialsAlias"] for row in put.json] == ["First", "Second"]
    assert {row["ProbeConfigurationId"] for row in put.json} == {ids[0]}
    assert automate_observed.put(one, json={"CredentialsAlias": "x"}).status_code == 400
    assert automate_observed.put(one, json=[{"AttemptSequence": "x"}]).status_code == 400
    assert automate_observed.get(one).json == put.json
    assert automate_observed.delete(one).status_code == 204
    assert automate_observed.get(one).json == []
    assert automate_observed.get(other).json == before
    assert {row["ProbeConfigurationId"] for row in before} == {ids[1]}
    assert automate_observed.get(one.replace(f"/{ids[0]}/", "/99999/")).status_code == 404
