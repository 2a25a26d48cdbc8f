"""The deployment model: what astrovet knows of an Astro estate, whichever file told it.

Rules see only these records. A field that an input may leave open is a `Value`; a relation between
two objects is a `Link`, which is a value too.
"""
