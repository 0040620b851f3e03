"""What no source tells of refusals is a switch."""

import pytest

BASE = "/cwa/api/v1"
LOGINS = {"documented": "/APICredentials", "observed": "/apitoken"}
DIALECTS = pytest.mark.parametrize("dialect", ["documented", "observed"])
DEEP = "(" * 300 + "Id = 1" + ")" * 300


@pytest.fixture
def quirky(make_tenant):
    """Return what makes a tenant with single quirks."""
    return lambda **quirks: make_tenant(automate=quirks).unlimited()


def login(tenant, dialect, user="integrator", **members):
    body = {"Username": f"{user}-{tenant.name}", "Password": f"{user}-password", **members}
    return tenant.client.post(f"{BASE}{LOGINS[dialect]}", json=body)


def message(answer):
    told = answer.json
    return told["error"]["message"] if "error" in told else told["Message"]


@pytest.mark.assumed("automate facts 17 and 21: the answers to refused logins are unrecorded")
@DIALECTS
def test_the_statuses_and_words_of_refused_logins(quirky, dialect):
    words = {"credentials": "No.", "passcode": "Wrong code.", "locked": "Locked."}
    statuses = {"wrong_credentials_status": 400, "wrong_passcode_status": 403, "locked_status": 403}
    usual, other = quirky(), quirky(wording=words, **statuses)
    lock = [{"op": "replace", "path": "IsLocked", "value": True}]
    seen = []
    for tenant in (usual, other):
        assert tenant.automate().patch("/Users/3", json=lock).status_code == 200
        wrong = {"TwoFactorPasscode": "000000"}
        answers = [
            login(tenant, dialect, Password="x"),
            login(tenant, dialect, "technician", **wrong),
            login(tenant, dialect, "readonly"),
        ]
        seen.append([(each.status_code, message(each)) for each in answers])
        challenged = ["WWW-Authenticate" in each.headers for each in answers]
        assert challenged == [each.status_code == 401 for each in answers]

    assert [status for status, _ in seen[0]] == [401, 401, 401]
    assert seen[1] == [(400, "No."), (403, "Wrong code."), (403, "Locked.")]
    assert not {text for _, text in seen[0]} & {text for _, text in seen[1]}


@pytest.mark.assumed("automate facts 22: what a 401 carries is unrecorded")
@pytest.mark.parametrize(("challenge", "value"), [(True, "Bearer"), (False, None)])
def test_the_challenge_of_a_401(quirky, challenge, value):
    tenant = quirky(challenge=challenge)
    for caller in (tenant.automate(), tenant.automate("observed")):
        caller.post(
            "/apitoken/disable", json={"SecurityToken": caller.headers["Authorization"][7:]}
        )

        answer = caller.get("/Clients")

        assert (answer.status_code, answer.headers.get("WWW-Authenticate")) == (401, value)


#: By the phrase: other words, a request that is refused with it, and what is said then.
REFUSALS = {
    "url": ("Nothing at {url}", ("GET", "/x", {}), f"Nothing at http://localhost{BASE}/x"),
    "method": ("{method}? no", ("PUT", "/Clients", {}), "PUT? no"),
    "media": ("{media}? no", ("POST", "/Clients", {"content_type": "a/b"}), "a/b? no"),
    "too_long": ("> {limit}", ("GET", "/Clients?x=" + "y" * 400, {}), "> 300"),
    "repeated": ("Twice.", ("GET", "/Clients?page=1&page=1", {}), "Twice."),
    "parameter": ("{name}: {value}", ("GET", "/Clients?page=x", {}), "page: x"),
    "condition_name": ("{name}? {parameter}", ("GET", "/Clients?orderBy=y", {}), "y? orderBy"),
    "condition_syntax": ("{x} {parameter}", ("GET", "/Clients?condition==", {}), "{x} condition"),
    "condition_value": ("Bad.", ("GET", "/Clients?condition=Id='x'", {}), "Bad."),
    "body": (
        "A {message}",
        ("POST", "/Clients", {"json": []}),
        "A The body must be a JSON object.",
    ),
    "conflict": ("Used.", ("DELETE", "/Clients/100", {}), "Used."),
    "server_error": ("Oops.", ("GET", "/Alerts", {}), "Oops."),
}


@pytest.mark.assumed("automate facts 51 and 60: few texts were seen")
@DIALECTS
def test_the_words_of_refusals(quirky, dialect):
    wording = {name: words for name, (words, _, _) in REFUSALS.items()}
    tenant = quirky(wording={**wording, "forbidden": "Never."}, url_chars_max=300)
    rule = {"api": "automate", "path": "/Alerts", "effect": {"kind": "error", "status": 500}}
    assert tenant.admin("POST", "/faults", json=rule).status_code == 201
    caller = tenant.automate(dialect)

    said = {
        name: message(caller.request(method, path, **sent))
        for name, (_, (method, path, sent), _) in REFUSALS.items()
    }

    assert said == {name: wanted for name, (_, _, wanted) in REFUSALS.items()}
    token = login(tenant, dialect, "readonly").json["AccessToken"]
    caller.headers["Authorization"] = f"Bearer {token}"
    assert message(caller.delete("/Clients/100")) == "Never."


@pytest.mark.assumed("automate facts 60 has the frame of a bad record only")
def test_the_words_of_faults(quirky):
    words = {"record": "No.", "missing": "{field}!", "too_many_chars": "{field} > {limit}"}
    tenant = quirky(wording=words)
    for sent, states in (({}, {"Name": ["Name!"]}), ({"Name": "x" * 51}, {"Name": ["Name > 50"]})):
        documented, observed = (
            tenant.automate(each).post("/Users", json=sent) for each in ("documented", "observed")
        )

        assert (documented.status_code, message(documented)) == (400, states["Name"][0])
        assert observed.json == {"Message": "No.", "ModelState": states}


@pytest.mark.assumed("automate facts 60: whether all faults come at once is unrecorded")
@pytest.mark.parametrize(("every", "names"), [(True, ["City", "Name"]), (False, ["City"])])
def test_how_many_faults_are_told(quirky, every, names):
    tenant, body = quirky(every_fault=every), {"City": ["x"], "Name": ["x"]}

    observed = tenant.automate("observed").post("/Clients", json=body)
    documented = tenant.automate().post("/Clients", json=body)

    assert sorted(observed.json["ModelState"]) == names
    details = documented.json["error"]["details"]
    assert details["field"] == "City"
    assert sorted(details.get("errors", ["City"])) == names
    assert ("errors" in details) is every


@pytest.mark.assumed("seed 000, 'Error Response Format', has five codes")
def test_the_codes_of_statuses(quirky):
    codes = {"404": "Missing"}
    usual, other = (quirky(**each).automate() for each in ({}, {"codes": codes}))

    seen = [
        caller.request(*each).json["error"]["code"]
        for caller in (usual, other)
        for each in (("GET", "/Clients/999999"), ("PUT", "/Clients"))
    ]

    assert seen == ["NotFound", "MethodNotAllowed", "Missing", "Error"]


@pytest.mark.assumed("automate facts 60 and 65: hearsay, framework behaviour")
def test_members_beside_the_message(quirky):
    members = {"ExceptionMessage": "Timeout expired."}
    tenant = quirky(server_error_members=members, wording={"url_detail": "No controller."})
    rule = {"api": "automate", "times": 2, "effect": {"kind": "error", "status": 500}}
    for caller, is_seen in ((tenant.automate(), False), (tenant.automate("observed"), True)):
        unknown = caller.get("/Nothing").json
        assert tenant.admin("POST", "/faults", json=rule).status_code == 201
        failed = caller.get("/Clients").json
        tenant.admin("DELETE", "/faults")

        assert (unknown.get("MessageDetail") == "No controller.") is is_seen
        assert (failed.get("ExceptionMessage") == "Timeout expired.") is is_seen


@pytest.mark.assumed("no source tells how these are refused")
@pytest.mark.parametrize(
    ("quirks", "path", "code"),
    [
        ({}, "/Computers/abc", 404),
        ({"text_id_status": 400}, "/Computers/abc", 400),
        ({"text_id_status": 400}, "/Nothing", 404),
        ({}, "/Clients?condition=Id = 'x'", 400),
        ({"mismatch_status": 500}, "/Clients?condition=Id = 'x'", 500),
        ({"mismatch_status": 500}, "/Clients?condition=Id = ", 400),
        ({}, f"/Clients?condition={DEEP}", 400),
        ({"complex_status": 500}, f"/Clients?condition={DEEP}", 500),
        ({}, "/Clients?x=" + "y" * 2_100, 200),
        ({"url_chars_max": 2_048}, "/Clients?x=" + "y" * 2_100, 414),
    ],
)
def test_the_statuses_of_refusals(quirky, quirks, path, code):
    tenant = quirky(**quirks)

    answers = [tenant.automate(each).get(path) for each in ("documented", "observed")]

    assert [each.status_code for each in answers] == [code, code]
