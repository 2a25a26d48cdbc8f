"""Rules about objects of the Astro provider."""
