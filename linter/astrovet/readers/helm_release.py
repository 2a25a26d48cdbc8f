"""A `helm_release` of the agent chart becomes the values that Helm will use, and so an Agent."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from astrovet.helm.merge import merge
from astrovet.helm.set_syntax import parse_set, set_value
from astrovet.inputs.yaml_text import read_yaml
from astrovet.model.agent import Agent, Credential
from astrovet.place import Place
from astrovet.readers.agent import read_agent
from astrovet.terraform.plan import Terraform
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, at, items, text

AGENT_CHART = "astro-remote-execution-agent"
SENSITIVE = "set_sensitive"


def agents(terraform: Terraform) -> Iterator[Agent]:
    """The agents that the plan's releases install."""
    for resource in agent_releases(terraform):
        agent = read_agent(resource.address, resource.block, values_of(resource), resource.place, complete=True)
        if _hands_over(resource):
            agent = replace(agent, credentials=tuple(map(_marked, agent.credentials)))
        yield agent


def _hands_over(resource: Resource) -> bool:
    """Whether what `set_sensitive` sets is sure to come from elsewhere.

    Of several settings the plan does not tell which one refers to something and which is a literal.
    """
    match items(resource.blocks(SENSITIVE)):
        case Known((_,), written=False):
            return any(resource.references(SENSITIVE))
        case Known() | Unknown() | Absent():
            return False


def _marked(credential: Credential) -> Credential:
    return replace(credential, handed_over=credential.value.place.pointer.startswith(SENSITIVE))


def agent_releases(terraform: Terraform) -> Iterator[Resource]:
    """The releases of the agent chart that will stand after apply."""
    for resource in terraform.resources:
        if resource.type == "helm_release" and resource.is_judged:
            match text(resource.attribute("chart")):
                case Known(chart) if AGENT_CHART in chart:
                    yield resource
                case Known() | Unknown() | Absent():
                    pass


def values_of(resource: Resource) -> Value[Tree]:
    """The merged values: documents in order, then `set`, `set_list` and `set_sensitive`.

    A document or a list of settings that is unknown makes unknown whatever no later one settles.
    """
    root = merge(tuple(_documents(resource)))
    for name in ("set", "set_list", SENSITIVE):
        root = _apply(root, resource, name)
    return root


def _documents(resource: Resource) -> Iterator[Value[Tree]]:
    listed = resource.blocks("values")
    match items(listed):
        case Known(found):
            for document in found:
                match text(document):
                    case Known(content) as known:
                        parsed = read_yaml(resource.path, content)[0].root
                        yield _moved(parsed, known)
                    case Unknown(document=Known() as encoded):
                        yield encoded
                    case Unknown() as unknown:
                        yield unknown
                    case Absent():
                        pass
        case Unknown() as unknown:
            yield unknown
        case Absent():
            pass


def _apply(root: Value[Tree], resource: Resource, name: str) -> Value[Tree]:
    match items(resource.blocks(name)):
        case Known(settings):
            for setting in settings:
                root = _set(root, setting, name)
            return root
        case Unknown() as unknown:
            return merge((root, unknown))
        case Absent():
            return root


def _set(root: Value[Tree], setting: Value[Tree], kind: str) -> Value[Tree]:
    key, value = text(at(setting, "name")), at(setting, "value")
    match key:
        case Known(name):
            pass
        case Unknown():
            return merge((root, key))
        case Absent():
            return root
    match value:
        case Known(List() as found, at_place, sensitive, written):
            texts = [each.value for each in map(text, found.items) if isinstance(each, Known)]
            listed = ",".join(each.replace("\\", "\\\\").replace(",", "\\,") for each in texts)
            return parse_set(root, f"{name}={{{listed}}}", at_place, sensitive=sensitive, written=written)
        case Known(_, at_place, sensitive, written):
            content = text(value)
            if not isinstance(content, Known):
                return root
            as_text = isinstance(chosen := text(at(setting, "type")), Known) and chosen.value == "string"
            return parse_set(
                root,
                f"{name}={content.value}",
                at_place,
                as_text=as_text,
                sensitive=sensitive or kind == SENSITIVE,
                written=written,
            )
        case Unknown() as unknown:
            return set_value(root, name, unknown, unknown.place)
        case Absent():
            return root


def _moved(value: Value[Tree], origin: Known[str]) -> Value[Tree]:
    """The tree of an embedded document, with the place of the text that holds it.

    Lines inside the document are no lines of any file; its pointer continues the text's.
    """

    def place(inner: Place) -> Place:
        pointer = f"{origin.place.pointer}.{inner.pointer}" if inner.pointer else origin.place.pointer
        return replace(origin.place, pointer=pointer)

    def move(inner: Value[Tree]) -> Value[Tree]:
        match inner:
            case Known(Map() as tree, at_place):
                entries = {
                    key: Entry(key, place(entry.key_place), move(entry.value)) for key, entry in tree.entries.items()
                }
                return Known(Map(entries, tree.unlisted), place(at_place), origin.sensitive, origin.written)
            case Known(List() as tree, at_place):
                return Known(
                    List(tuple(move(item) for item in tree.items)), place(at_place), origin.sensitive, origin.written
                )
            case Known(leaf, at_place):
                return Known(leaf, place(at_place), origin.sensitive, origin.written)
            case Unknown(why, at_place):
                return Unknown(why, place(at_place))
            case Absent(at_place, explicit):
                return Absent(place(at_place), explicit)

    return move(value)
