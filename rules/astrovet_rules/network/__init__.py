"""Rules about ways into the execution plane."""
