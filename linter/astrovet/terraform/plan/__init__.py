"""The JSON of `terraform show`: plans and states."""
