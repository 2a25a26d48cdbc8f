"""What `astrovet advise` prints: which deployment models satisfy a set of requirements, and why others do not."""
