"""The API groups of the objects that bring charts and folders into a cluster; each also stands in the file's bytes."""

ARGO = "argoproj.io"
FLUX_RELEASES = "helm.toolkit.fluxcd.io"
FLUX_FOLDERS = "kustomize.toolkit.fluxcd.io"
FLUX_SOURCES = "source.toolkit.fluxcd.io"

ARGO_APPLICATION = "argocd_application"
"""What Terraform's provider of Argo CD calls an Application."""
