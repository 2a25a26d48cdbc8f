"""The hook and the workflow that `astrovet init` writes."""

from __future__ import annotations

from astrovet.reports.home import HOME

OTHERS = {
    ".gitlab-ci.yml": "GitLab CI",
    "azure-pipelines.yml": "Azure Pipelines",
    ".circleci": "CircleCI",
    "Jenkinsfile": "Jenkins",
    "bitbucket-pipelines.yml": "Bitbucket Pipelines",
    "atlantis.yaml": "Atlantis",
}
"""Files and folders that other CIs are known by."""

_ACTION = HOME.removeprefix("https://github.com/")


def hook(version: str) -> str:
    """The entry of `.pre-commit-config.yaml`."""
    return f"  - repo: {HOME}\n    rev: v{version}\n    hooks:\n      - id: astrovet\n"


def hooks(version: str) -> str:
    """`.pre-commit-config.yaml`, where there is none."""
    return f"repos:\n{hook(version)}"


def workflow(version: str, branch: str) -> str:
    """The workflow: it judges every pull request, and hands the findings to code scanning."""
    return f"""\
name: astrovet

on:
  pull_request:
  push:
    branches: [{branch}]

permissions: {{}}

# Tags of actions can move: pin them to commits where that matters to you.
jobs:
  astrovet:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      security-events: write # for the last step
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: {_ACTION}@v{version}
        id: astrovet
        # with:
        #   require: hipaa
        #   args: --baseline=.astrovet-baseline.json
      - uses: github/codeql-action/upload-sarif@v3
        if: always() && steps.astrovet.outputs.sarif-file != ''
        with:
          sarif_file: ${{{{ steps.astrovet.outputs.sarif-file }}}}
"""
