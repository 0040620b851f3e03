"""What shows a record follows it; whatever shortcut was taken, a row reads as if made anew."""

import orjson
import pytest

from mockserver.app import create_app
from mockserver.core.world import World


@pytest.fixture(scope="module")
def tenant():
    world = World.seeded()
    create_app(world)
    return world.default


@pytest.mark.parametrize(
    ("vendor", "path", "record_id", "changes"),
    [
        ("psa", "service/tickets", 5000, {"summary": 'He said "no" \\ and a\u2028b'}),
        ("psa", "service/tickets", 5000, {"status": {"name": ">Closed"}, "customerUpdatedFlag": 1}),
        ("psa", "company/companies", 12345, {"name": "Another name", "website": None}),
        ("psa", "company/contacts", 1, {"firstName": "Zoë"}),
        ("psa", "system/members", 1, {"lastName": "Ñandú"}),
        ("automate", "Clients", 1, {"Name": "Another name"}),
    ],
)
def test_what_shows_a_changed_record_reads_as_if_made_anew(
    tenant, vendor, path, record_id, changes
):
    records, registry = tenant.records[vendor], tenant.store.registry
    path = path if vendor == "psa" else next(p for p in registry.served if p.endswith(path))
    resource = registry.resource(path)
    records.change(resource, record_id, changes, "me")

    shown = [(resource, record_id)]
    for owner, declared in registry.referrers(path):
        shown += [(owner, each) for each in records.users(owner, declared, record_id)]
    assert len(shown) > 1
    for owner, each in shown:
        kept = row(tenant.store, owner, each)
        records.save(owner, records.get(owner, each))
        assert row(tenant.store, owner, each) == kept


def row(store, resource, record_id):
    table = store.table(resource)
    found = store._raw.execute(f"SELECT * FROM {table.name} WHERE id = ?", (record_id,))
    # Some shipped bodies have their members in another order.
    return [orjson.loads(v) if isinstance(v, bytes) else v for v in found.fetchone()]
