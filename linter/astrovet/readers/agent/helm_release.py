"""A `helm_release` of the agent chart becomes the values that Helm will use, and so an Agent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from astrovet.helm.charts.agent import AGENT_CHART
from astrovet.model.agent import Agent
from astrovet.model.credential import Credential
from astrovet.readers.settings import or_default
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, at, boolean, items, listed, text

SENSITIVE = "set_sensitive"
WRITE_ONLY = "set_wo"


def agents(terraform: Terraform, told: Mapping[str, Resource], paths: Mapping[str, str] = {}) -> Iterator[Agent]:
    """The agents that the releases install.

    Args:
        terraform: what declares them.
        told: the same releases in the sources, by address.
        paths: the files of values, by what they hold: `file()` gives it as it stands.
    """
    for resource in agent_releases(terraform):
        from astrovet.readers.agent.agent import in_namespace, read_agent  # most plans install none

        agent = read_agent(
            resource.address,
            resource.block,
            values_of(resource, told.get(resource.address), paths),
            resource.place,
            complete=True,
            chart_version=text(resource.attribute("version")),
            layers=(resource.address,),
        )
        agent = replace(agent, release_namespace=or_default(text(resource.attribute("namespace")), "default"))
        agent = in_namespace(agent, text(resource.attribute("namespace")))
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
    for resource in terraform.judged(("helm_release",)):
        match text(resource.attribute("chart")):
            case Known(chart) if AGENT_CHART in chart:
                yield resource
            case Unknown() if _has_values_of_agents(resource):
                yield resource
            case Known() | Unknown() | Absent():
                pass


def _has_values_of_agents(resource: Resource) -> bool:
    """Whether a release of a chart that is not known is given what only the agent chart takes."""
    from astrovet.helm.charts.chart import ChartKind
    from astrovet.helm.charts.recognition import recognise

    return recognise(values_of(resource)).kind is ChartKind.AGENT


def is_unclear(terraform: Terraform) -> bool:
    """Whether a release gets values of which the input shows nothing."""
    return any(
        isinstance(opened := text(document), Unknown) and opened.document is None
        for resource in agent_releases(terraform)
        for document in listed(resource.blocks("values"))
    )


def documents_of(terraform: Terraform) -> Iterator[str]:
    """The texts of values that the releases of the agent chart get as a whole, e.g. from `file()`."""
    for resource in agent_releases(terraform):
        match items(resource.blocks("values")):
            case Known(documents):
                yield from (document.value for document in map(text, documents) if isinstance(document, Known))
            case Unknown() | Absent():
                pass


def values_of(resource: Resource, told: Resource | None = None, paths: Mapping[str, str] = {}) -> Value[Tree]:
    """The merged values: documents in order, then `set`, `set_list`, `set_sensitive` and `set_wo`.

    A document or a list of settings that is unknown makes unknown whatever no later one settles. Of a
    document that a plan leaves open, `told`, the same release in the sources, may know parts. What a file holds,
    by `paths`, stands in that file.
    """
    from astrovet.helm.merging import merge

    root = merge((*_kept(resource), *_documents(resource, told, paths)))
    for name in ("set", "set_list", SENSITIVE):
        root = _apply(root, resource, name)
    root = _with_write_only(root, resource, told)
    program = resource.attribute("postrender")
    if isinstance(program, Absent) or listed(program) == ():
        return root
    how = "scan what it makes: render it, and pipe it into astrovet scan -"
    return merge((root, Unknown("a program changes what the chart renders (`postrender`)", program.place, how=how)))


def _kept(resource: Resource) -> Iterator[Value[Tree]]:
    """What `reuse_values` and the like put under all values: those of the release that is installed."""
    for name in ("reuse_values", "reset_then_reuse_values"):
        match boolean(resource.attribute(name)):
            case Known(True, place) | Unknown(_, place):
                why = f"values of the release that is installed are kept (`{name}`)"
                yield Unknown(why, place, how="see what `helm get values` shows")
            case Known() | Absent():
                pass


def _with_write_only(root: Value[Tree], resource: Resource, told: Resource | None) -> Value[Tree]:
    """With `set_wo`, which stands in sources alone: a plan shows that something was set, not what."""
    from astrovet.helm.merging import merge

    for source in (resource, *(() if told is None else (told,))):
        if isinstance(source.attribute(WRITE_ONLY), Known):
            return _apply(root, source, WRITE_ONLY)
    revision = resource.attribute(f"{WRITE_ONLY}_revision")
    if isinstance(revision, Absent):
        return root
    why = "values are set that Terraform keeps in no plan and no state (`set_wo`)"
    return merge((root, Unknown(why, revision.place, how="scan the sources")))


def _documents(resource: Resource, told: Resource | None, paths: Mapping[str, str]) -> Iterator[Value[Tree]]:
    from astrovet.formats.embedded import embedded_yaml
    from astrovet.formats.layout import text_of_file

    written = listed(told.blocks("values")) if told is not None else ()
    for index, document in enumerate(listed(resource.blocks("values"))):
        opened = text(document)
        if isinstance(opened, Unknown) and opened.document is None and index < len(written):
            opened = text(written[index])
        match opened:
            case Known(document=Known() as encoded) | Unknown(document=Known() as encoded):
                yield encoded
            case Known(content, layout=None, sensitive=False) if content.strip() in paths:
                yield embedded_yaml(text_of_file(paths[content.strip()], content))[0].root
            case Known() as known:
                yield embedded_yaml(known)[0].root
            case Unknown() as unknown:
                yield unknown
            case Absent():
                pass


def _apply(root: Value[Tree], resource: Resource, name: str) -> Value[Tree]:
    from astrovet.helm.merging import merge

    match items(resource.blocks(name)):
        case Known(settings):
            for setting in settings:
                root = _set(root, setting, name)
            return root
        case Unknown() as unknown:
            return merge((root, unknown))
        case Absent():
            return root


def _with_literal(root: Value[Tree], name: str, content: Known[str]) -> Value[Tree]:
    """With a text that is YAML under a key, which is one key whatever dots it has."""
    from astrovet.formats.embedded import embedded_yaml
    from astrovet.helm.merging import in_place_of

    value = embedded_yaml(content)[0].root
    if isinstance(value, Absent):
        value = replace(value, explicit=True)
    match root:
        case Known(Map(entries) as tree):
            new = Entry(name, content.place, value)
            over = in_place_of(entries[name], new) if name in entries else new
            return replace(root, value=replace(tree, entries={**entries, name: over}))
        case Unknown():
            return Known(Map({name: Entry(name, content.place, value)}, root), content.place)
        case Known() | Absent():
            return Known(Map({name: Entry(name, content.place, value)}), content.place)


def _set(root: Value[Tree], setting: Value[Tree], kind: str) -> Value[Tree]:
    from astrovet.helm.merging import merge
    from astrovet.helm.set_syntax import parse_set, set_value

    key, value = text(at(setting, "name")), at(setting, "value")
    match key:
        case Known(name):
            pass
        case Unknown():
            return merge((root, key))
        case Absent():
            return root
    match value:
        case Known(List() as given, at_place, sensitive, written):
            texts = [item.value for item in map(text, given.items) if isinstance(item, Known)]
            listed = ",".join(content.replace("\\", "\\\\").replace(",", "\\,") for content in texts)
            return parse_set(root, f"{name}={{{listed}}}", at_place, sensitive=sensitive, written=written)
        case Known(_, at_place, sensitive, written):
            content = text(value)
            if not isinstance(content, Known):
                return root
            if isinstance(chosen := text(at(setting, "type")), Known) and chosen.value == "literal":
                return _with_literal(root, name, content)
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
