"""Environment variables through which the clients of the clouds take a long-lived key.

Source: the documentation of the clouds' client libraries, November 2026. Rule: REX017.
"""

CLOUDS = {
    "AWS_ACCESS_KEY_ID": "AWS",
    "AWS_SECRET_ACCESS_KEY": "AWS",
    "AZURE_CLIENT_SECRET": "Azure",
    "AZURE_STORAGE_KEY": "Azure",
    "GOOGLE_APPLICATION_CREDENTIALS": "Google Cloud",
}
"""By variable, the cloud that it opens."""

KEY_FILE = "GOOGLE_APPLICATION_CREDENTIALS"
"""The one that names a file. The file of workload identity federation stands among the projected tokens."""
FEDERATION_FOLDER = "tokens"
