"""What settings of Airflow mean, whoever has them: an agent's components, or a deployment that runs its tasks at Astro.

A judgement stands here once, so that what is reported of the one is never silent of the other.
"""
