# Buckets and clusters with the relations that the example plans do not show.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" { region = "eu-central-1" }

variable "office" { default = "203.0.113.0/24" }

# Nothing is attached.
resource "aws_s3_bucket" "bare" { bucket = "acme-bare" }

# Everything inside the bucket, as old versions of the provider have it; named by its literal elsewhere.
resource "aws_s3_bucket" "inline" {
  bucket = "acme-inline"
  acl    = "public-read-write"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "s3:*", Resource = "*" }] })
  versioning { enabled = true }
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = "alias/aws/s3"
      }
    }
  }
}
resource "aws_s3_bucket_public_access_block" "by_name" {
  bucket                  = "acme-inline"
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_lifecycle_configuration" "by_name" {
  bucket = "acme-inline"
  rule {
    id     = "old logs"
    status = "Enabled"
    filter { prefix = "logs/" }
    expiration { days = 30 }
  }
  rule {
    id     = "everything"
    status = "Enabled"
    expiration { days = 365 }
  }
  rule {
    id     = "switched off"
    status = "Disabled"
    expiration { days = 1 }
  }
  rule {
    id     = "uploads"
    status = "Enabled"
  }
}

# Instances: by count, and by keys of which only some are covered.
resource "aws_s3_bucket" "counted" {
  count = 2
}
resource "aws_s3_bucket_versioning" "counted" {
  count  = 2
  bucket = aws_s3_bucket.counted[count.index].id
  versioning_configuration { status = count.index == 0 ? "Enabled" : "Suspended" }
}
resource "aws_s3_bucket" "keyed" {
  for_each = toset(["logs", "xcom"])
}
resource "aws_s3_bucket_public_access_block" "keyed" {
  for_each                = toset(["logs"])
  bucket                  = aws_s3_bucket.keyed[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# Which of two buckets an instance belongs to does not show, and the instances differ.
resource "aws_s3_bucket" "left" {}
resource "aws_s3_bucket" "right" {}
resource "aws_s3_bucket_versioning" "crossed" {
  for_each = { a = aws_s3_bucket.left.id, b = aws_s3_bucket.right.id }
  bucket   = each.value
  versioning_configuration { status = each.key == "a" ? "Enabled" : "Suspended" }
}

# A policy of a bucket that another root module manages.
resource "aws_s3_bucket_policy" "foreign" {
  bucket = "acme-of-another-team"
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-of-another-team/*" },
    ]
  })
}

# A key of the customer that is known only after apply, and no group for one of the clusters.
resource "aws_kms_key" "data" {}
resource "aws_security_group" "agents" { name = "agents" }
resource "aws_security_group" "shared" { name = "shared" }
resource "aws_security_group" "unused" { name = "unused" }
resource "aws_security_group_rule" "agents" {
  type              = "ingress"
  security_group_id = aws_security_group.agents.id
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = [var.office]
}
resource "aws_vpc_security_group_ingress_rule" "own_group" {
  security_group_id = aws_eks_cluster.agents.vpc_config[0].cluster_security_group_id
  cidr_ipv4         = var.office
  ip_protocol       = "-1"
}
resource "aws_eks_cluster" "agents" {
  name     = "agents"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  vpc_config {
    subnet_ids          = ["subnet-0aaa"]
    public_access_cidrs = [var.office]
    security_group_ids  = [aws_security_group.agents.id, aws_security_group.shared.id]
  }
  encryption_config {
    resources = []
    provider { key_arn = aws_kms_key.data.arn }
  }
}
resource "aws_eks_cluster" "other" {
  name     = "other"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  vpc_config {
    subnet_ids              = ["subnet-0bbb"]
    security_group_ids      = [aws_security_group.shared.id]
    endpoint_public_access  = true
    endpoint_private_access = true
    public_access_cidrs     = ["${aws_vpc.main.cidr_block}"]
  }
}
resource "aws_vpc" "main" {}
