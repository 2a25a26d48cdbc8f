"""Rules about the inputs themselves."""
