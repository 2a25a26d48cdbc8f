"""From documents, resources and values to the deployment model."""
