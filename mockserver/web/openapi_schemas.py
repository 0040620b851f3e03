"""Component schemas: models and collections as callers see them and as they may send them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from mockserver.core.catalogue import Catalogue
from mockserver.core.schema import Field, Kind, Resource
from mockserver.web.openapi_vendor import Look, Schema, Vendor, array, component, structure, text

#: A patch document: RFC 6902 as far as the API reads it.
PATCH_DOCUMENT = array(
    structure(
        {
            "op": text(enum=["add", "replace", "remove"]),
            "path": text(minLength=1),
            "value": {},
        },
        "op",
        "path",
    )
)


@dataclass(frozen=True)
class _Side:
    """One direction of traffic.

    Attributes:
        suffix: What component names end in.
        answers: Whether it is what the server says.
    """

    suffix: str
    answers: bool = False


_ANSWER = _Side("", answers=True)
_CREATE, _CHANGE, _NESTED = _Side("Create"), _Side("Change"), _Side("Input")


class Schemas:
    """Component schemas, made when somebody refers to them.

    Args:
        catalogue: Knows the models.
        vendor: Knows how collections look.
        resources: The collections that are served.
    """

    def __init__(self, catalogue: Catalogue, vendor: Vendor, resources: Iterable[Resource]) -> None:
        self._catalogue, self._vendor = catalogue, vendor
        self.components: dict[str, Schema] = {
            "PatchDocument": PATCH_DOCUMENT,
            **vendor.schemas,
        }
        self._looks: dict[str, Look] = {}
        self._names: dict[str, str] = {}
        self._claims = self._claimed(resources)
        self._models = self._named_models()

    # -- names ----------------------------------------------------------------------------------

    def _claimed(self, resources: Iterable[Resource]) -> Mapping[str, tuple[Field, ...]]:
        """Return whose fields each component name stands for, and note the collections' names."""
        claims: dict[str, tuple[Field, ...]] = dict.fromkeys(self.components, ())
        for resource in resources:
            look = self._looks[resource.path] = self._vendor.look(resource)
            name = resource.model
            if claims.setdefault(name, look.fields) != look.fields:
                name = ".".join((resource.model, *_words(resource.path)))
                claims[name] = look.fields
            self._names[resource.path] = name
        return claims

    def _named_models(self) -> Mapping[str, str]:
        models = self._catalogue.models()
        often = Counter(_short(model) for model in models)
        return {model: self._model_name(model, often) for model in models}

    def _model_name(self, model: str, often: Mapping[str, int]) -> str:
        """Return the model's short name unless that would mean something else too."""
        for name in (model, _short(model)):
            if name in self._claims and self._claims[name] == self._catalogue.model(model):
                return name
        is_free = often[_short(model)] == 1 and _short(model) not in self._claims
        name = _short(model) if is_free else model
        return f"{name}Model" if name in self._claims else name

    # -- what callers see -----------------------------------------------------------------------

    def record(self, resource: Resource, *, whole: bool = False) -> Schema:
        """Return the schema of one record; *whole* ones have not been cut down."""
        look = self._look(resource)
        shown = self._kept(self._names[resource.path], _ANSWER, lambda: look.fields)
        if whole and look.key:
            return {"allOf": [shown, {"required": [look.key]}]}
        return shown

    def model(self, name: str) -> Schema:
        """Return the schema of a model that comes out."""
        return self._modelled(name, _ANSWER)

    # -- what callers send ----------------------------------------------------------------------

    def create(self, resource: Resource) -> Schema:
        """Return the schema of a new record."""
        fields = self._look(resource).fields
        needed = [each.name for each in fields if each.required and not each.read_only]
        return self._sent(resource, _CREATE, needed)

    def update(self, resource: Resource) -> Schema:
        """Return the schema of a record that replaces another."""
        fields = self._look(resource).fields
        own = [each for each in fields if not (each.required or each.read_only)]
        needed = [each.name for each in own if each.required_on_update]
        created = self.create(resource)
        if not needed:
            return created
        name = f"{self._names[resource.path]}Update"
        self.components[name] = {"allOf": [created, {"required": needed}]}
        return component("schemas", name)

    def change(self, resource: Resource) -> Schema:
        """Return the schema of a PATCH."""
        document = component("schemas", "PatchDocument")
        if not self._vendor.partial_patch:
            return document
        return {"anyOf": [document, self._sent(resource, _CHANGE, [])]}

    def sent_model(self, name: str) -> Schema:
        """Return the schema of a model that goes in."""
        return self._modelled(name, _NESTED)

    def _sent(self, resource: Resource, side: _Side, needed: list[str]) -> Schema:
        name = self._names[resource.path]
        shown = self._kept(name, side, lambda: self._look(resource).fields)
        if needed:
            self.components[f"{name}{side.suffix}"]["required"] = needed
        return shown

    # -- building -------------------------------------------------------------------------------

    def _look(self, resource: Resource) -> Look:
        return self._looks[resource.path]

    def _modelled(self, model: str, side: _Side) -> Schema:
        return self._kept(self._models[model], side, lambda: self._catalogue.model(model))

    def _kept(self, name: str, side: _Side, fields: Callable[[], tuple[Field, ...]]) -> Schema:
        """Return a reference to a component, which is built the first time."""
        name = f"{name}{side.suffix}"
        if name not in self.components:
            # Noted before it is built: a model may contain itself.
            self.components[name] = schema = {}
            schema.update(self._object(fields(), side))
        return component("schemas", name)

    def _object(self, fields: Iterable[Field], side: _Side) -> Schema:
        shown = (each for each in fields if not (side.answers and each.write_only))
        properties = {each.name: self._property(each, side) for each in shown}
        properties.update(self._vendor.extras)
        is_open = side.answers or not self._vendor.closed
        return {"type": "object", "properties": properties, "additionalProperties": is_open}

    def _property(self, declared: Field, side: _Side) -> Schema:
        schema = self._value(declared, side)
        if not side.answers and not declared.required:
            schema = _nullable(schema)
        # A reference is set through its id; only a record's own id is the server's.
        names_other = side is _NESTED and declared.name.casefold() == "id"
        if declared.read_only and not names_other:
            schema["readOnly"] = True
        if declared.write_only:
            schema["writeOnly"] = True
        return schema

    def _value(self, declared: Field, side: _Side) -> Schema:
        if declared.kind in {Kind.REFERENCE, Kind.OBJECT}:
            return self._inner(declared, side)
        if declared.kind is Kind.LIST:
            scalar = declared.items
            return array(self._inner(declared, side) if scalar is None else self.scalar(scalar))
        schema = self.scalar(declared.kind, declared.bits)
        if declared.enum:
            schema["enum"] = list(declared.enum)
        elif declared.max_length is not None:
            schema["maxLength"] = declared.max_length
        return schema

    def _inner(self, declared: Field, side: _Side) -> Schema:
        below = side if side.answers else _NESTED
        if declared.model is not None and declared.model in self._models:
            return self._modelled(declared.model, below)
        if not declared.fields:
            return {"type": "object"}
        return self._object(declared.fields, below)

    def scalar(self, kind: Kind, bits: int = 64) -> Schema:
        """Return the schema of a value that has no members."""
        if kind is Kind.INSTANT:
            return dict(self._vendor.instant)
        if kind is Kind.INTEGER:
            return {"type": "integer", "format": f"int{bits}"}
        return dict(SCALARS[kind])


SCALARS: Mapping[Kind, Schema] = {
    Kind.NUMBER: {"type": "number", "format": "double"},
    Kind.TEXT: {"type": "string"},
    Kind.FLAG: {"type": "boolean"},
    Kind.ANY: {},
    Kind.OBJECT: {"type": "object"},
    Kind.REFERENCE: {"type": "object"},
    Kind.LIST: {"type": "array", "items": {"type": "string"}},
}


def _nullable(schema: Schema) -> Schema:
    """Return the schema of what may be null: a null is as good as no member at all."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    if "type" not in schema:
        return schema
    allowed = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [schema["type"], "null"], **allowed}


def _short(model: str) -> str:
    return model.rpartition(".")[2]


def _words(path: str) -> list[str]:
    return [word for word in path.rpartition(":")[2].split("/") if word]
