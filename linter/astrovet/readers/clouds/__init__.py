"""The customer's clusters, networks, stores and identities, as Terraform declares them."""
