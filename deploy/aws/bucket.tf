# One bucket for data, in which each zone is a prefix and each environment a folder in it; another for what is logged about it.

resource "aws_s3_bucket" "data" {
  bucket        = local.bucket
  force_destroy = var.destroy_data
  tags          = merge(local.tags, { Name = local.bucket })
}

resource "aws_s3_bucket" "logs" {
  bucket        = "${local.bucket}-logs"
  force_destroy = true # they end by themselves anyway
  tags          = merge(local.tags, { Name = "${local.bucket}-logs" })
}

locals {
  buckets = { data = aws_s3_bucket.data, logs = aws_s3_bucket.logs }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = local.buckets

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = local.buckets

  bucket = each.value.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms ? "aws:kms" : "AES256"
      kms_master_key_id = one(local.key_arns)
    }
    bucket_key_enabled = var.kms
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256" # S3 delivers logs to no other
    }
  }
}

resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_logging" "data" {
  bucket        = aws_s3_bucket.data.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "access/"

  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = jsonencode(local.data_bucket_policy)

  depends_on = [aws_s3_bucket_public_access_block.this]
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode(local.logs_bucket_policy)

  depends_on = [aws_s3_bucket_public_access_block.this]
}

locals {
  tls_only = {
    for name, arn in { data = local.bucket_arn, logs = "${local.bucket_arn}-logs" } : name => {
      Sid                   = "TlsOnly"
      Effect                = "Deny"
      Principal             = "*"
      Action                = "s3:*"
      Resource              = [arn, "${arn}/*"]
      Condition             = { Bool = { "aws:SecureTransport" = "false" } }
    }
  }

  data_bucket_policy = {
    Version = "2012-10-17"
    Statement = [
      local.tls_only.data,
      {
        Sid       = "ModernTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [local.bucket_arn, "${local.bucket_arn}/*"]
        Condition = { NumericLessThan = { "s3:TlsVersion" = "1.2" } }
      },
    ]
  }

  logs_bucket_policy = {
    Version = "2012-10-17"
    Statement = [
      local.tls_only.logs,
      {
        Sid       = "AccessLogs"
        Effect    = "Allow"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${local.bucket_arn}-logs/access/*"
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
      {
        Sid       = "FlowLogs"
        Effect    = "Allow"
        Principal = { Service = "delivery.logs.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${local.bucket_arn}-logs/AWSLogs/${local.account}/*"
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
      {
        Sid       = "FlowLogsLook"
        Effect    = "Allow"
        Principal = { Service = "delivery.logs.amazonaws.com" }
        Action    = "s3:GetBucketAcl"
        Resource  = "${local.bucket_arn}-logs"
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
    ]
  }
}

# What is current in staging and the warehouse ends by the platform (ecluse maintain), which knows what refers to it. Here end: what was
# deleted or overwritten, after a time in which a mistake is noticed; uploads that nobody finished; logs; secrets that were forgotten.
locals {
  lifecycle = {
    staging   = { prefix = "staging/", old_days = 7, ends = null, colder = null }
    warehouse = { prefix = "warehouse/", old_days = 30, ends = null, colder = null }
    backups   = { prefix = "backups/", old_days = 90, ends = null, colder = 30 }
    passes    = { prefix = "emr/passes/", old_days = 1, ends = 1, colder = null }
    jars      = { prefix = "emr/jars/", old_days = 7, ends = 180, colder = null }
    emr-logs  = { prefix = "logs/", old_days = 1, ends = var.log_days, colder = null }
    deploy    = { prefix = "deploy/", old_days = 90, ends = null, colder = null }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "data" {
  bucket = aws_s3_bucket.data.id

  dynamic "rule" {
    for_each = local.lifecycle
    content {
      id     = rule.key
      status = "Enabled"
      filter {
        prefix = rule.value.prefix
      }
      abort_incomplete_multipart_upload {
        days_after_initiation = 3
      }
      noncurrent_version_expiration {
        noncurrent_days = rule.value.old_days
      }
      dynamic "expiration" {
        for_each = rule.value.ends == null ? [] : [rule.value.ends]
        content {
          days = expiration.value
        }
      }
      dynamic "expiration" { # a marker of what is gone, with nothing behind it
        for_each = rule.value.ends == null ? [true] : []
        content {
          expired_object_delete_marker = true
        }
      }
      dynamic "transition" {
        for_each = rule.value.colder == null ? [] : [rule.value.colder]
        content {
          days          = transition.value
          storage_class = "STANDARD_IA"
        }
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.data]
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "logs"
    status = "Enabled"
    filter {
      prefix = ""
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 3
    }
    expiration {
      days = var.log_days
    }
  }
}
