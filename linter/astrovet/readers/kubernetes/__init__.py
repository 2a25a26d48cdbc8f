"""Objects inside a cluster, as manifests and Terraform declare them."""

PREFIXES = ("kubernetes_", "kubectl_manifest")
"""How the types of Terraform's resources begin that make objects in a cluster."""
