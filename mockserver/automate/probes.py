"""Network probes: one computer of a location that looks at the network around it (10.1).

What a probe is told to do is kept with its location; its configuration has the location's id.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from mockserver.automate.computed import told
from mockserver.automate.profile import profile_of
from mockserver.automate.surface import SPACE, Surface
from mockserver.core.errors import InvalidRecord, RecordNotFound
from mockserver.core.patch import PatchDialect, changes
from mockserver.core.rules import Record
from mockserver.core.schema import Field, Resource
from mockserver.core.validate import checked
from mockserver.web.examples import example
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.routes import Route

MODEL = "LabTech.Repositories.MySQL.Domain.Models.NetworkProbe.ProbeConfiguration"
SNMP_MODEL = "LabTech.Repositories.MySQL.Domain.Models.NetworkProbe.ProbeSnmpConfiguration"
SETUP, SNMP = "ProbeSetup", "ProbeSnmp"
NAMED = ("ProbeConfigurationId", "LocationId")
SNMP_NAMED = ("ProbeSnmpConfigurationId", "ProbeConfigurationId")
#: What a request for a new probe turns on.
WISHES: Mapping[str, str] = {
    "isautomateddeploymentenabled": "AutomatedDeploymentEnabled",
    "isdatacollectionenabled": "IsDataCollectionEnabled",
}


@dataclass(frozen=True)
class Probes:
    """The operations on the probes of locations.

    Args:
        locations: The collection of locations.
        computers: The collection of computers.
        fields: The members of a configuration.
        snmp_fields: The members of what a configuration says of SNMP.
    """

    locations: Resource
    computers: Resource
    fields: tuple[Field, ...]
    snmp_fields: tuple[Field, ...]

    @classmethod
    def of(cls, surface: Surface) -> "Probes":
        """Return the operations on the surface's locations."""
        locations = surface.resource(f"{SPACE}Locations")
        computers = surface.resource(f"{SPACE}Computers")
        return cls(locations, computers, surface.model(MODEL), surface.model(SNMP_MODEL))

    def routes(self) -> Iterable[Route]:
        """Yield the operations."""
        one = "/Locations/{locationId}/ProbeConfiguration"
        yield Route("GET", one, self.read, self.locations)
        yield Route("POST", one, self.create, self.locations)
        yield Route("PATCH", one, self.patch, self.locations)
        yield Route("DELETE", one, self.delete, self.locations)
        enable = "/ProbeConfiguration/EnableProbe/{computerId}"
        yield Route("POST", enable, self.enable, self.computers)
        snmp = "/ProbeConfiguration/{probeConfigurationId}/SnmpConfiguration"
        yield Route("GET", snmp, self.read_snmp)
        yield Route("PATCH", snmp, self.patch_snmp)

    def read(self, exchange: Exchange) -> Answer:
        """Answer what the probe of a location is told to do."""
        return self._shown(exchange, self.probed(exchange))

    def create(self, exchange: Exchange) -> Answer:
        """Give a location a configuration, as far as the body wishes."""
        wishes = exchange.json_object()
        given = {n: wishes[each] for each in wishes if (n := WISHES.get(each.casefold(), ""))}
        declared = tuple(each for each in self.fields if each.name in given)
        location = self._location(exchange)
        clean = self._clean(exchange, declared, given)
        return self._kept(
            exchange, location, {**profile_of(exchange.caller).probe_defaults, **clean}
        )

    def patch(self, exchange: Exchange) -> Answer:
        """Change what the probe of a location is told to do."""
        location = self.probed(exchange)
        resource = Resource("ProbeConfiguration", "ProbeConfiguration", self.fields)
        before = self._setup(exchange, location)
        dialect = PatchDialect(case_sensitive=False)
        changed = changes(resource, before, exchange.json(), dialect)
        clean = self._clean(exchange, self.fields, changed)
        return self._kept(exchange, location, {**before, **clean})

    def delete(self, exchange: Exchange) -> Answer:
        """Take the probe from a location."""
        location, records = self.probed(exchange), exchange.records
        probe = records.find(self.computers, location.get("ProbeId") or 0)
        kept = {n: v for n, v in location.items() if n not in {SETUP, SNMP}}
        with records.store.transaction():
            records.save(self.locations, {**kept, "ProbeId": 0, "NetworkProbe": False})
            if probe is not None:
                records.save(self.computers, {**probe, "IsNetworkProbe": False})
        return Answer(204)

    def enable(self, exchange: Exchange) -> Answer:
        """Make a computer the probe of the location that it is in."""
        records = exchange.records
        computer = records.get(self.computers, int(exchange.ids[0]))
        location = records.get(self.locations, computer["Location"]["Id"])
        probe = {**location, "ProbeId": computer["Id"], "NetworkProbe": True}
        with records.store.transaction():
            records.save(self.computers, {**computer, "IsNetworkProbe": True})
            return self._kept(
                exchange,
                probe,
                location.get(SETUP) or dict(profile_of(exchange.caller).probe_defaults),
            )

    def read_snmp(self, exchange: Exchange) -> Answer:
        """Answer how a probe speaks SNMP; its configuration has the location's id."""
        return told(exchange, self._snmp(exchange, self.probed(exchange)))

    def patch_snmp(self, exchange: Exchange) -> Answer:
        """Change how a probe speaks SNMP."""
        location = self.probed(exchange)
        resource = Resource("SnmpConfiguration", "ProbeSnmpConfiguration", self.snmp_fields)
        before = self._snmp(exchange, location)
        changed = changes(resource, before, exchange.json(), PatchDialect(case_sensitive=False))
        clean = self._clean(exchange, self.snmp_fields, changed)
        kept = {n: v for n, v in {**before, **clean}.items() if v is not None}
        with exchange.records.store.transaction():
            location = {**location, SNMP: kept}
            exchange.records.save(self.locations, location)
        return Answer(200, orjson.dumps(self._snmp(exchange, location)))

    def _snmp(self, exchange: Exchange, location: Record) -> Record:
        named = dict.fromkeys(SNMP_NAMED, location["Id"])
        usual = profile_of(exchange.caller).probe_snmp_defaults
        kept = {**usual, **(location.get(SNMP) or {}), **named}
        shown: Record = example(self.snmp_fields, exchange.tenant.clock.text(), kept)
        return shown

    def _location(self, exchange: Exchange) -> Record:
        return exchange.records.get(self.locations, int(exchange.ids[0]))

    def probed(self, exchange: Exchange) -> Record:
        """Return the location in the path; RecordNotFound when it has no probe."""
        location = self._location(exchange)
        if not (location.get("ProbeId") or location.get(SETUP)):
            raise RecordNotFound("automate:ProbeConfigurations", location["Id"])
        return location

    def _setup(self, exchange: Exchange, location: Record) -> Record:
        kept = location.get(SETUP) or dict(profile_of(exchange.caller).probe_defaults)
        named = dict.fromkeys(NAMED, location["Id"])
        shown: Record = example(self.fields, exchange.tenant.clock.text(), {**kept, **named})
        return shown

    def _clean(
        self, exchange: Exchange, declared: tuple[Field, ...], given: Mapping[str, Any]
    ) -> Record:
        resource = Resource(self.locations.path, "ProbeConfiguration", declared)
        clean, faults = checked(resource, given, exchange.records.policy)
        if faults:
            raise InvalidRecord(resource.path, tuple(faults))
        named = {*NAMED, *SNMP_NAMED}
        return {name: value for name, value in clean.items() if name not in named}

    def _kept(self, exchange: Exchange, location: Record, setup: Record) -> Answer:
        kept = {name: value for name, value in setup.items() if value is not None}
        changed = {**location, SETUP: kept}
        with exchange.records.store.transaction():
            exchange.records.save(self.locations, changed)
        return self._shown(exchange, changed)

    def _shown(self, exchange: Exchange, location: Record) -> Answer:
        return told(exchange, self._setup(exchange, location))
