"""The built-in rule pack: one file a rule, listed here and nowhere else."""

from astrovet_rules.remote_execution import xcom_values_stay_in_astro

RULES = [
    # Remote Execution agents
    xcom_values_stay_in_astro.check,
]
