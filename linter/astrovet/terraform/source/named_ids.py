"""Attributes that a provider computes and that its documentation states to be made of the resource's name.

Sources: the pages of aws_s3_bucket ("id: the name of the bucket"), aws_eks_cluster and aws_iam_role ("id: name of the
…") of the provider aws, and of google_storage_bucket ("url: … in the format gs://<bucket-name>") of the provider
google; read in November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping

NAMED: Mapping[tuple[str | int, ...], tuple[str, str]] = {
    ("aws_s3_bucket", "id"): ("bucket", ""),
    ("aws_eks_cluster", "id"): ("name", ""),
    ("aws_iam_role", "id"): ("name", ""),
    ("google_storage_bucket", "url"): ("name", "gs://"),
}
"""By type and attribute: the argument that holds the name, and what stands before it."""
