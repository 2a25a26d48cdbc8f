"""An agent must be given the API address of its own deployment.

## Why

An agent asks this address for work, with its token. With another deployment's address it gets errors
instead of tasks; and a host that is not Astro's receives the token and all that the agent reports.

## Fix

Copy the address from the deployment's page in Astro, or from `remote_execution.remote_api_url` in Terraform: the host
begins with the id of the cluster, the path is `/d` and the last seven characters of the deployment's id.

Before:

    astroDeploymentAPIURL: https://cm0k8x0.external.astronomer.run/d9q4m8s2
    commonEnv:
      - {name: ASTRO_DEPLOYMENT_ID, value: cm4x2k9q1000101mnd7f3k2a1}

After:

    astroDeploymentAPIURL: https://cm0k8x0.external.astronomer.run/d7f3k2a1
    commonEnv:
      - {name: ASTRO_DEPLOYMENT_ID, value: cm4x2k9q1000101mnd7f3k2a1}

## Not reported

An address without encryption, which NET009 reports; the path where the host is not Astro's, or where
ASTRO_DEPLOYMENT_ID is not set. An address of your own in front of Astro's is a low finding: it may be right.
"""

from astrovet import Absent, Agent, Context, Known, Note, Severity, Unknown, Verdicts, airflow, fail, rule, undecided

DOMAIN = ".external.astronomer.run"
CHARACTERS = 7
"""So many of the deployment's id are in the path, the last ones."""

REMEDY = "copy the API address from the deployment's page in Astro"
REMEDY_HOST = f"use the address of the deployment, <cluster id>{DOMAIN}, unless this host leads to it"
REMEDY_PATH = f"let both name the same deployment: /d and the last seven characters of {airflow.DEPLOYMENT_ID}"


@rule(
    "REX018",
    "api-url-shape",
    on=Agent,
    severity=Severity.MEDIUM,
    sources=("T2", "D:remote-execution-get-started", "TF"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    match agent.api_url:
        case Absent() as absent:
            yield fail(
                absent, "no API address is set: the agent has nobody to ask for work", remedy=REMEDY, about="missing"
            )
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known(address) as url:
            _, scheme, rest = address.partition("://")
            authority, _, path = rest.partition("/")
            host = authority.partition(":")[0].lower()
            if not scheme:
                message = "the API address does not begin with https://"
                yield fail(url.place, message, remedy=REMEDY, about="scheme")
            elif _is_astros(host):
                yield from _path(agent, url, path.rstrip("/"))
            else:
                message = f"the host of the API address is not of the form <cluster id>{DOMAIN}"
                yield fail(url.place, message, remedy=REMEDY_HOST, severity=Severity.LOW, about="host")


def _is_astros(host: str) -> bool:
    cluster = host.removesuffix(DOMAIN)
    return host.endswith(DOMAIN) and cluster.isalnum()


def _path(agent: Agent, url: Known[str], path: str) -> Verdicts:
    for deployment in agent.variables(airflow.DEPLOYMENT_ID):
        match deployment:
            case Known("") | Absent():
                pass
            case Known(name, place) if path != f"d{name[-CHARACTERS:]}":
                message = f"the path of the API address is not that of the deployment in {airflow.DEPLOYMENT_ID}"
                related = (Note("the deployment's id", place),)
                yield fail(url.place, message, remedy=REMEDY_PATH, related=related, about="path")
            case Unknown() as unknown:
                yield undecided(unknown, about="path")
            case Known():
                pass
