"""The charts that we know: how their values are recognised, and their keys."""
