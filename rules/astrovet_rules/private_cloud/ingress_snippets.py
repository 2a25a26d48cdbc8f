"""An Ingress should not be able to bring configuration of the controller with it.

## Why

The chart lets annotations write into the configuration of its controller. Whoever may make an Ingress in any namespace
can then read the secrets that the controller sees, and send the traffic of others elsewhere.

## Fix

Switch it off, and see whether your own Ingress objects need it.

Before:

    nginx:
      allowSnippetAnnotations: true

After:

    nginx:
      allowSnippetAnnotations: false

## Not reported

Controllers of your own; a part of the values.
"""

from astrovet import Context, Known, Platform, Severity, Verdicts, fail_if, not_applicable, rule, unless_unclear


@rule(
    "APC035",
    "ingress-snippets",
    on=Platform,
    severity=Severity.INFO,
    raised={"hipaa": Severity.LOW, "pci": Severity.LOW},
    sources=("CH",),
    controls=("SOC 2 CC6.6",),
)
def check(platform: Platform, context: Context) -> Verdicts:
    ingress = platform.ingress
    if isinstance(ingress.has_controller, Known) and not ingress.has_controller.value:
        yield not_applicable("a controller of its own stands in front")
        return
    snippets = ingress.takes_snippets
    origin = platform.origin(snippets) if isinstance(snippets, Known) else ""
    message = f"annotations may write into the configuration of the ingress controller{origin}"
    taken = fail_if(snippets, bool, message, remedy="set nginx.allowSnippetAnnotations to false")
    yield from unless_unclear(ingress.has_controller, taken)
