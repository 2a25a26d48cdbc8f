"""The state of a root module with secrets must be kept where few can read it.

## Why

Terraform writes tokens, secret variables and connections into its state in clear text. Without a backend the
state is a file in the working folder: on laptops, in the caches of pipelines, sooner or later in a repository.
Whoever reads it has every secret in it.

## Fix

Before:

    terraform {
      backend "local" {}
    }

After:

    terraform {
      backend "s3" {
        bucket       = "acme-terraform-state"
        key          = "astro/prod.tfstate"
        region       = "eu-central-1"
        encrypt      = true
        use_lockfile = true
      }
    }

Then run `terraform init -migrate-state`, remove the old file, and replace the tokens that were in it.

## Not reported

Root modules without tokens, secret variables and connections; modules that configure no provider, for others
call them; root modules beside a `terragrunt.hcl`. Settings that are given to `terraform init` do not show:
undecided. Where a platform keeps the state without a word in the sources, write an empty `cloud` block.
Plans and states say nothing of the backend: their sources have to be scanned too.
"""

from astrovet import (
    Absent,
    Context,
    Known,
    RootModule,
    Severity,
    StateBackend,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)

REMEDY = "keep the state in a backend that encrypts it and that few can read, and replace the tokens in the old one"
HTTPS = "use an https address"
ENCRYPT = "set encrypt = true"


@rule(
    "AST022",
    "state-backend-exposed",
    on=RootModule,
    severity=Severity.MEDIUM,
    raised={"hipaa": Severity.HIGH, "pci": Severity.HIGH},
    sources=("TF", "CLOUD"),
    controls=("45 CFR 164.312(a)(1)", "PCI DSS v4 8.3.2"),
)
def check(root: RootModule, context: Context) -> Verdicts:
    if not root.secrets:
        yield not_applicable("no secret of Astro's lies in its state")
        return
    match root.backend:
        case Absent() if not root.configures_providers:
            yield not_applicable("it configures no provider: other modules call it")
        case Absent(place):
            message = "no backend is set, so the state is a file in clear text"
            yield fail(place, message, remedy=REMEDY, related=root.secrets[:3])
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known(backend):
            yield from _judge(backend, root)


def _judge(backend: StateBackend, root: RootModule) -> Verdicts:
    match backend.type, backend.address, backend.encrypts:
        case "local", _, _:
            message = "the backend `local` keeps the state as a file in clear text"
            yield fail(backend.place, message, remedy=REMEDY, related=root.secrets[:3])
        case "http", Known(address, place), _ if address.lower().startswith("http://"):
            message = "the state goes over the network in clear text"
            yield fail(place, message, remedy=HTTPS, severity=Severity.HIGH, related=root.secrets[:3])
        case "s3", _, Known(False, place):
            message = "the backend does not ask for encryption of the state"
            yield fail(place, message, remedy=ENCRYPT, severity=Severity.LOW, is_raised=False)
        case ("http", Unknown() as unknown, _) | ("s3", _, Unknown() as unknown):
            yield undecided(unknown)
        case (_, Known() | Unknown() | Absent(), _):
            pass
