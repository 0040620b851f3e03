"""Registering callbacks and reading what came of them, through HTTP only."""

from dataclasses import dataclass

from mockserver.client.callbacks import CallbackReceiver


def registered(psa):
    """Return the callbacks beside the three that the world begins with."""
    return psa.get("/system/callbacks", params={"conditions": "id > 3"}).json


@dataclass
class Subscriber:
    """A tenant with a receiver on a socket of this machine."""

    tenant: object
    receiver: CallbackReceiver

    @property
    def psa(self):
        return self.tenant.psa

    def subscribe(self, kind="ticket", level="owner", object_id=1, **more):
        payload = {"url": self.receiver.url, "type": kind, "level": level, "objectId": object_id}
        answer = self.psa.post("/system/callbacks", json={**payload, **more})
        assert answer.status_code == 201, answer.text
        return answer.json

    def deliveries(self, **filters):
        query = {"tenant": self.tenant.name, **filters}
        return self.tenant.client.get("/_mock/callbacks", query_string=query).json["deliveries"]

    def advance(self, seconds):
        self.tenant.admin("POST", "/clock", json={"freeze": True, "advance": seconds})

    def freeze(self):
        self.advance(0)

    def write(self, method, path, **sent):
        answer = self.psa.request(method, path, **sent)
        assert answer.status_code < 300, answer.text
        return answer.json if answer.data else None

    def ticket(self, **members):
        company_id = self.first("company/companies")
        ticket = {"summary": "It beeps", "company": {"id": company_id}}
        return self.write("POST", "/service/tickets", json={**ticket, **members})

    def change(self, ticket_id, path="summary", value="It beeped"):
        document = [{"op": "replace", "path": path, "value": value}]
        return self.write("PATCH", f"/service/tickets/{ticket_id}", json=document)

    def first(self, path):
        return self.psa.get(f"/{path}", params={"pageSize": "1"}).json[0]["id"]

    @property
    def came(self):
        """Return action and id of what came, in order."""
        return [(each.json["Action"], each.json["ID"]) for each in self.receiver.received]
