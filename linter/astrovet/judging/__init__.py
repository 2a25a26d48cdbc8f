"""Rules, and how they judge the model."""
