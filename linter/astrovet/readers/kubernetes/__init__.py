"""Objects inside a cluster, as manifests and Terraform declare them."""
