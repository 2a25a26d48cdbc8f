"""What `astrovet report` prints."""
