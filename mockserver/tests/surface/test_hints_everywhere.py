"""No operation refuses anything without a hint, and no hint is a defect."""

import re

import pytest

from mockserver import World, create_app

APIS = pytest.mark.parametrize("api", ["psa", "automate"])
PROFILES = pytest.mark.parametrize("profile", ["documented", "observed"])
SAMPLE_STEP = 41
BASES = {"psa": "/v4_6_release/apis/3.0", "automate": "/cwa/api/v1"}
QUERIES = (
    {"conditions": "no_such = 1", "condition": "no_such = 1"},
    {"conditions": "id = 'x", "condition": "id = 'x"},
    {"conditions": "id = 5 and id = 6", "condition": "Id = 5 and Id = 6"},
    *({"orderBy": "no_such"}, {"orderBy": "id up"}, {"page": "9999"}, {"pageSize": "999999"}),
    {"fields": "no_such", "includeFields": "no_such"},
    {"childConditions": "no/such = 1"},
    {"customFieldConditions": "caption = 'no' and value = 'such'"},
)
BODIES = ("{", "[]", '{"no_such": 1}', '{"id": "x", "name": {}, "identifier": []}')
PATCHES = ("{", '[{"op": "replace", "path": "no_such", "value": 1}]', '[{"op": "zap"}]')
SENT = {"POST": BODIES, "PUT": BODIES, "PATCH": PATCHES}


class Prober:
    """Asks every operation for what it refuses."""

    def __init__(self, api, profile):
        self.api = api
        self.http = create_app(World.seeded(42, size="tiny", profile=profile)).test_client()
        quotas = {name: {"requests": None, "concurrent": None} for name in BASES}
        self.http.patch("/_mock/limits", json=quotas)
        self.keys = {"headers": {"clientId": "any"}, "auth": ("company+publickey", "privatekey")}
        if api == "automate":
            path = "apitoken" if profile == "observed" else "APICredentials"
            login = {"UserName": "integrator", "Password": "integrator-password"}
            token = self.http.post(f"{BASES[api]}/{path}", json=login).json["AccessToken"]
            self.keys = {"headers": {"ClientId": "any", "Authorization": f"Bearer {token}"}}

    def operations(self):
        routes = self.http.get("/_mock/routes").json["routes"]
        return [(r["method"], r["path"]) for r in routes if r["api"] == self.api]

    def answers(self, method, template):
        path = BASES[self.api] + re.sub(r"{[^}]+}", "1", template)
        if method == "GET":
            for query in QUERIES:
                yield query, self.http.get(path, query_string=query, **self.keys)
        for text in SENT.get(method, ()):
            sent = {"method": method, "data": text, "content_type": "application/json"}
            yield text, self.http.open(path, **sent, **self.keys)

    def check(self, method, template):
        for asked, answer in self.answers(method, template):
            assert answer.status_code < 500, (method, template, asked, answer.text)
            told = answer.headers.get("X-Mock-Hint", "")
            assert told or answer.status_code < 400, (method, template, asked)
            assert " None " not in f" {told} ", (method, template, asked, told)


@APIS
@PROFILES
def test_a_sample_of_operations_says_why_it_refuses(api, profile):
    prober = Prober(api, profile)
    for operation in prober.operations()[::SAMPLE_STEP]:
        prober.check(*operation)


@pytest.mark.deep
@APIS
@PROFILES
def test_every_operation_says_why_it_refuses(api, profile):
    prober = Prober(api, profile)
    for operation in prober.operations():
        prober.check(*operation)
