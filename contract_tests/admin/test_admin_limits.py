"""The quotas."""

import pytest
from control_plane_support import OWN_INTERFACE, assert_refused

pytestmark = OWN_INTERFACE

DOCUMENTED = {
    "requests": 60,
    "window_seconds": 60,
    "requests_per_day": None,
    "concurrent": None,
    "window": "fixed",
    "count_rejected": False,
}


@pytest.fixture
def limits(tenant):
    def send(document):
        return tenant.admin("PATCH", "/limits", json=document)

    send.read = lambda: tenant.admin("GET", "/limits").json
    send.tenant = tenant
    return send


def test_the_quotas_of_both_vendors_are_shown_whole(limits):
    assert limits.read() == {"psa": DOCUMENTED, "automate": {**DOCUMENTED, "concurrent": 10}}


def test_some_members_of_one_vendor_can_be_changed(limits):
    answer = limits({"psa": {"requests": 5, "window_seconds": 0.5}})
    assert answer.status_code == 200
    assert answer.json == limits.read()
    assert answer.json["psa"] == {**DOCUMENTED, "requests": 5, "window_seconds": 0.5}
    assert answer.json["automate"] == {**DOCUMENTED, "concurrent": 10}


def test_null_switches_a_limit_off(limits):
    limits({"psa": {"requests": None}})
    answers = [limits.tenant.psa.get("/service/boards") for _ in range(70)]
    assert {answer.status_code for answer in answers} == {200}
    assert "X-RateLimit-Limit" not in answers[0].headers


@pytest.mark.parametrize("window", ["fixed", "sliding", "bucket"])
def test_a_lowered_quota_is_in_force_at_once(limits, window):
    limits({"psa": {"requests": 2, "window": window}, "automate": {"requests": 1}})
    statuses = [limits.tenant.psa.get("/service/boards").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_the_day_has_a_quota_of_its_own(limits):
    limits({"psa": {"requests": None, "requests_per_day": 2}})
    statuses = [limits.tenant.psa.get("/service/boards").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_keys_have_quotas_of_their_own(limits):
    limits({"psa": {"requests": 1}})
    readonly = f"readonlykey-{limits.tenant.name}"
    for caller in (limits.tenant.psa, limits.tenant.psa_as(readonly, "readonlyprivate")):
        assert caller.get("/service/boards").status_code == 200
        assert caller.get("/service/boards").status_code == 429


def test_nothing_changes_nothing(limits):
    before = limits.read()
    for document in ({}, {"psa": {}}, {"psa": None}):
        assert limits(document).json == before


@pytest.mark.parametrize(
    "wrong",
    [
        *({"requests": 0}, {"requests": -1}, {"requests": 1.5}, {"requests": "60"}),
        *({"requests": True}, {"requests": 10**30}, {"requests": []}),
        *({"window_seconds": 0}, {"window_seconds": None}, {"window_seconds": "60"}),
        *({"window_seconds": 1e300}, {"window_seconds": -1}, {"requests_per_day": 0}),
        *({"concurrent": 0}, {"concurrent": "all"}, {"window": "round"}, {"window": None}),
        *({"count_rejected": 1}, {"count_rejected": None}, {"per_minute": 1}, {"self": 1}),
        *({"": 1}, {"Requests": 5}, {"x" * 10_000: 1}),
    ],
    ids=lambda wrong: str(wrong)[:40],
)
def test_one_wrong_member_changes_neither_vendor(limits, wrong):
    before = limits.read()
    for document in (
        {"psa": {"requests": 5}, "automate": wrong},
        {"psa": {"concurrent": 4, **wrong}},
    ):
        assert_refused(limits(document), 400, "BadRequest")
        assert limits.read() == before


@pytest.mark.parametrize("document", [{"psa": 60}, {"psa": []}, {"PSA": {}}, {"requests": 60}])
def test_a_document_of_another_shape_is_refused(limits, document):
    assert_refused(limits(document), 400, "BadRequest")


def test_the_control_plane_itself_is_never_limited(limits):
    limits({"psa": {"requests": 1}, "automate": {"requests": 1, "concurrent": 1}})
    answers = [limits.tenant.admin("GET", "/health") for _ in range(100)]
    assert {answer.status_code for answer in answers} == {200}
    assert not [name for name, _ in answers[0].headers if name.startswith("X-RateLimit")]
