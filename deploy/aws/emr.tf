# Amazon EMR: what every cluster needs, and, if asked for, one that stays. A transient one is made by the platform when a DAG wants it.

locals {
  spark_key  = "deploy/spark/pyspark-4.1.1-${substr(var.spark_archive.sha256, 0, 12)}.tar.gz"
  spark_home = "/opt/spark-4.1"
}

resource "aws_emr_security_configuration" "this" {
  count = local.with_emr ? 1 : 0

  name = "${var.name}-emr"
  configuration = jsonencode({
    EncryptionConfiguration = {
      EnableInTransitEncryption = false # needs certificates; nothing of a cluster leaves its two groups but by TLS
      EnableAtRestEncryption    = true
      AtRestEncryptionConfiguration = merge(
        { S3EncryptionConfiguration = var.kms ? { EncryptionMode = "SSE-KMS", AwsKmsKey = one(local.key_arns) } : { EncryptionMode = "SSE-S3" } },
        var.kms ? {
          LocalDiskEncryptionConfiguration = {
            EncryptionKeyProviderType = "AwsKms"
            AwsKmsKey                 = one(local.key_arns)
            EnableEbsEncryption       = true
          }
        } : {},
      )
    }
    InstanceMetadataServiceConfiguration = {
      MinimumInstanceMetadataServiceVersion = 2
      HttpPutResponseHopLimit               = 1
    }
  })
}

# puts Spark 4.1 on each machine as it comes up, from the bucket, into which the server brings it: EMR's own is older
resource "aws_s3_object" "spark" {
  count = local.with_spark ? 1 : 0

  bucket = aws_s3_bucket.data.id
  key    = "deploy/spark/install"
  content = templatefile("${path.module}/files/install-spark.tftpl", {
    archive = "s3://${local.bucket}/${local.spark_key}"
    sha256  = var.spark_archive.sha256
    home    = local.spark_home
  })
  tags = local.tags

  depends_on = [aws_s3_bucket_versioning.data, aws_s3_bucket_server_side_encryption_configuration.data]
}

resource "aws_emr_cluster" "this" {
  count = local.with_lasting ? 1 : 0

  name                              = "${var.name} lasting"
  release_label                     = var.emr.release
  applications                      = concat(["Hadoop", "Spark"], var.emr.hive ? ["Hive"] : [], var.emr.hue ? ["Hive", "Hue"] : [])
  service_role                      = aws_iam_role.emr_service[0].arn
  security_configuration            = aws_emr_security_configuration.this[0].name
  log_uri                           = "s3://${local.bucket}/logs/"
  keep_job_flow_alive_when_no_steps = true
  termination_protection            = false
  unhealthy_node_replacement        = true

  auto_termination_policy {
    idle_timeout = var.emr.idle_minutes * 60
  }

  ec2_attributes {
    subnet_ids                        = aws_subnet.private[*].id
    instance_profile                  = aws_iam_instance_profile.emr_machines[0].arn
    emr_managed_master_security_group = local.emr_groups["main"]
    emr_managed_slave_security_group  = local.emr_groups["workers"]
    service_access_security_group     = local.emr_groups["service"]
  }

  master_instance_fleet {
    name                      = "main"
    target_on_demand_capacity = 1
    instance_type_configs {
      instance_type     = var.emr.main_type
      weighted_capacity = 1
    }
  }

  core_instance_fleet {
    name                      = "workers"
    target_on_demand_capacity = var.emr.spot ? 0 : var.emr.workers
    target_spot_capacity      = var.emr.spot ? var.emr.workers : 0
    dynamic "instance_type_configs" {
      for_each = var.emr.worker_types
      content {
        instance_type     = instance_type_configs.value
        weighted_capacity = 1
      }
    }
    dynamic "launch_specifications" {
      for_each = var.emr.spot ? [true] : []
      content {
        spot_specification {
          allocation_strategy      = "price-capacity-optimized"
          timeout_action           = "SWITCH_TO_ON_DEMAND"
          timeout_duration_minutes = 10
        }
      }
    }
  }

  bootstrap_action {
    name = "Spark 4.1"
    path = "s3://${local.bucket}/${aws_s3_object.spark[0].key}"
  }

  tags = merge(local.emr_tags, { Name = "${var.name}-emr" })

  depends_on = [
    aws_iam_role_policy.emr_machines,
    aws_iam_role_policy.emr_service,
    aws_iam_role_policy_attachment.emr_service,
    aws_route_table_association.private,
    aws_vpc_endpoint.s3,
    aws_vpc_security_group_egress_rule.emr_to_s3,
  ]
}

resource "aws_emrserverless_application" "this" {
  count = local.with_serverless ? 1 : 0

  name          = var.name
  type          = "spark"
  release_label = var.emr_serverless.release
  architecture  = "X86_64"

  image_configuration {
    image_uri = var.emr_serverless.image
  }

  maximum_capacity {
    cpu    = "${var.emr_serverless.most_cpu} vCPU"
    memory = "${var.emr_serverless.most_gb} GB"
  }

  auto_start_configuration {
    enabled = true
  }

  auto_stop_configuration {
    enabled              = true
    idle_timeout_minutes = var.emr_serverless.idle_mins
  }

  network_configuration {
    subnet_ids         = aws_subnet.private[*].id
    security_group_ids = [local.emr_groups["workers"]]
  }

  tags = local.tags
}
