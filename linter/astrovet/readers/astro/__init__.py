"""What Terraform's provider of Astro declares."""
