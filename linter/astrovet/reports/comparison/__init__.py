"""What `astrovet compare` prints."""
