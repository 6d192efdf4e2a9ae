data "aws_caller_identity" "this" {}

data "aws_region" "this" {}

data "aws_partition" "this" {}

data "aws_availability_zones" "this" {
  state = "available"

  filter { # no local zones, which have not every service
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  account   = data.aws_caller_identity.this.account_id
  region    = data.aws_region.this.name
  partition = data.aws_partition.this.partition

  tags = merge(var.tags, { ecluse-project = var.name })
  # Amazon's managed policy for EMR's service role goes by this one
  emr_tags = merge(local.tags, { for-use-with-amazon-emr-managed-policies = "true" })

  zones  = slice(data.aws_availability_zones.this.names, 0, 2)
  bucket = "${var.name}-${local.account}-${local.region}"

  # for rights: what policies name
  bucket_arn = "arn:${local.partition}:s3:::${local.bucket}"
  ecr        = regexall("^([0-9]{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/([^@]+)@", var.image)
  ecr_arns   = [for part in local.ecr : "arn:${local.partition}:ecr:${part[1]}:${part[0]}:repository/${split(":", part[2])[0]}"]
  key_arns   = aws_kms_key.this[*].arn

  with_emr        = var.emr.mode != "off"
  with_lasting    = var.emr.mode == "lasting"
  with_serverless = var.emr_serverless != null
  with_private    = local.with_emr || local.with_serverless || var.database != null
  with_spark      = local.with_emr

  # the door for Spark's applications listens at a port that Linux chooses among these
  door_ports = { from = 32768, to = 60999 }
  address    = cidrhost(aws_subnet.public[0].cidr_block, 10)
}

resource "aws_kms_key" "this" {
  count = var.kms ? 1 : 0

  description             = "Data of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  tags                    = merge(local.tags, { Name = var.name })
}

resource "aws_kms_alias" "this" {
  count = var.kms ? 1 : 0

  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this[0].key_id
}
