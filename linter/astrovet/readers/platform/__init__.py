"""Values of Astro Private Cloud, to the model."""
