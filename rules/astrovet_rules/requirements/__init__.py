"""Rules about declared requirements against the deployment model."""
