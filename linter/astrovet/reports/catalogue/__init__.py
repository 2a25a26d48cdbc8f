"""What `astrovet rules` prints: the rules with their severity and their law."""
