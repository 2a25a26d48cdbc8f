"""Rules about the Helm values of Remote Execution agents."""
