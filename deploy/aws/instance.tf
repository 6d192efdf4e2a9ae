# The machine. It may be thrown away: what must stay is on the data volume, its address is that of a network interface that stays too.

data "aws_ssm_parameter" "ubuntu" {
  count = var.ami_id == null ? 1 : 0

  name = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
}

resource "aws_network_interface" "server" {
  subnet_id       = aws_subnet.public[0].id
  private_ips     = [local.address]
  security_groups = [aws_security_group.server.id]
  description     = "The platform: clusters know it by this address"
  tags            = merge(local.tags, { Name = "${var.name}-server" })
}

resource "aws_eip" "server" {
  domain            = "vpc"
  network_interface = aws_network_interface.server.id
  tags              = merge(local.tags, { Name = "${var.name}-server" })

  depends_on = [aws_internet_gateway.this]
}

locals {
  compose_folder = "${path.module}/../compose"
  compose_files  = fileset(local.compose_folder, "**")
  compose_hash   = sha256(join("", [for file in local.compose_files : filesha256("${local.compose_folder}/${file}")]))

  # none is no profile of the compose file, but compose would take its usual one for nothing
  profiles = join(",", coalescelist(concat(var.database == null ? ["metadata"] : [], var.demo_erp ? ["erp"] : []), ["none"]))

  # RDS asks for TLS (rds.force_ssl), so it is always spoken
  database_url = var.database == null ? "postgresql://ecluse:$${secret:metadata}@metadata:5432/ecluse" : (
    "postgresql://ecluse:$${secret:metadata}@${aws_db_instance.this[0].endpoint}/ecluse?sslmode=require"
  )

  # behind the load balancer it listens in the network, and believes that alone; otherwise it is for this machine
  server_command = concat(
    ["server", "--env", var.environment],
    var.https == null ? ["--listen", "127.0.0.1"] : ["--listen", local.address, "--proxy", join(",", aws_subnet.public[*].cidr_block)],
  )

  # What the machine is told. No secret: passwords are made on the machine, or fetched by it with its own role.
  settings = {
    name            = var.name
    region          = local.region
    bucket          = local.bucket
    environment     = var.environment
    volume          = aws_ebs_volume.data.id
    compose         = local.compose_hash
    metrics         = local.metrics
    database_secret = one([for database in aws_db_instance.this : one(database.master_user_secret[*].secret_arn)])
    registry        = length(local.ecr) > 0 ? split("/", var.image)[0] : null
    spark           = local.with_spark ? merge(var.spark_archive, { key = local.spark_key }) : null
    compose_environment = merge(
      {
        ECLUSE_IMAGE        = var.image
        ECLUSE_ENV          = var.environment
        ECLUSE_DATABASE_URL = local.database_url
        ECLUSE_URL          = var.https != null ? "https://${var.https.domain}" : "http://127.0.0.1:8080"
        AWS_REGION          = local.region
        COMPOSE_PROFILES    = local.profiles
      },
      var.images.postgres != null ? { POSTGRES_IMAGE = var.images.postgres } : {},
      local.profiles == "none" ? { POSTGRES_IMAGE = "none" } : {},
    )
  }

  compose_override = templatefile("${path.module}/files/compose.aws.yaml.tftpl", {
    server    = jsonencode(local.server_command)
    log_group = aws_cloudwatch_log_group.server.name
    region    = local.region
  })

  user_data = templatefile("${path.module}/files/cloud-init.yaml.tftpl", {
    files = {
      "/opt/ecluse/settings.json"                     = { mode = "0644", content = jsonencode(local.settings) }
      "/opt/ecluse/boot.py"                           = { mode = "0755", content = file("${path.module}/files/boot.py") }
      "/opt/ecluse/compose.aws.yaml"                  = { mode = "0644", content = local.compose_override }
      "/etc/systemd/system/ecluse.service"            = { mode = "0644", content = file("${path.module}/files/ecluse.service") }
      "/etc/systemd/system/ecluse-watch.service"      = { mode = "0644", content = file("${path.module}/files/ecluse-watch.service") }
      "/etc/systemd/system/ecluse-watch.timer"        = { mode = "0644", content = file("${path.module}/files/ecluse-watch.timer") }
      "/etc/apt/apt.conf.d/60ecluse-automatic-reboot" = { mode = "0644", content = file("${path.module}/files/automatic-reboot") }
    }
  })
}

# the compose file and what belongs to it, which the machine fetches by its role: user data has room for 16 KB only
resource "aws_s3_object" "compose" {
  for_each = local.compose_files

  bucket      = aws_s3_bucket.data.id
  key         = "deploy/compose/${each.value}"
  source      = "${local.compose_folder}/${each.value}"
  source_hash = filesha256("${local.compose_folder}/${each.value}")
  tags        = local.tags

  depends_on = [aws_s3_bucket_versioning.data, aws_s3_bucket_server_side_encryption_configuration.data]
}

# What the machine makes the first project of. Not in its user data: another cluster is no reason for another machine.
resource "aws_s3_object" "template" {
  bucket  = aws_s3_bucket.data.id
  key     = "deploy/template.json"
  content = jsonencode(local.init_values)
  tags    = local.tags

  depends_on = [aws_s3_bucket_versioning.data, aws_s3_bucket_server_side_encryption_configuration.data]
}

resource "aws_instance" "server" {
  ami                         = var.ami_id != null ? var.ami_id : data.aws_ssm_parameter.ubuntu[0].insecure_value
  instance_type               = var.instance_type
  iam_instance_profile        = aws_iam_instance_profile.server.name
  key_name                    = var.ssh_key_name
  user_data_base64            = base64gzip(local.user_data)
  user_data_replace_on_change = true # another image is another machine, with the same volume and addresses
  ebs_optimized               = true
  monitoring                  = false # what the alarms need comes every five minutes anyway

  network_interface {
    network_interface_id = aws_network_interface.server.id
    device_index         = 0
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required" # IMDSv2
    http_put_response_hop_limit = 1          # the server is in the machine's network; containers one hop further have no rights to have
    instance_metadata_tags      = "disabled"
  }

  root_block_device {
    volume_type = "gp3"
    volume_size = 20
    encrypted   = true
    kms_key_id  = one(local.key_arns)
    tags        = merge(local.tags, { Name = "${var.name}-root" })
  }

  tags = merge(local.tags, { Name = "${var.name}-server" })

  lifecycle {
    ignore_changes = [ami] # a new one of Canonical's is no reason to replace a machine that patches itself

    precondition {
      condition     = length(var.allowed_cidrs) > 0 || !(var.https != null || var.ssh_key_name != null)
      error_message = "HTTPS or SSH are of use only to somebody: name addresses in allowed_cidrs."
    }
  }

  depends_on = [
    aws_eip.server, # packages and images come by it
    aws_iam_role_policy.server,
    aws_route.internet,
    aws_route_table_association.public,
    aws_s3_object.compose,
    aws_vpc_security_group_egress_rule.server,
  ]
}

# --- what stays -----------------------------------------------------------------------------------

resource "aws_ebs_volume" "data" {
  availability_zone = local.zones[0]
  type              = "gp3"
  size              = var.data_volume_gb
  encrypted         = true
  kms_key_id        = one(local.key_arns)
  final_snapshot    = !var.destroy_data
  tags              = merge(local.tags, { Name = "${var.name}-data", ecluse-snapshots = var.name })
}

resource "aws_volume_attachment" "data" {
  device_name                    = "/dev/sdf"
  instance_id                    = aws_instance.server.id
  volume_id                      = aws_ebs_volume.data.id
  stop_instance_before_detaching = true # so that PostgreSQL ends as it should
}

resource "aws_iam_role" "snapshots" {
  name               = "${var.name}-snapshots"
  description        = "Snapshots of the data volume"
  assume_role_policy = local.trust.dlm
  tags               = local.tags
}

resource "aws_iam_role_policy" "snapshots" {
  name = "snapshots"
  role = aws_iam_role.snapshots.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OfTheDataVolume"
        Effect    = "Allow"
        Action    = ["ec2:CreateSnapshot", "ec2:CreateSnapshots"]
        Resource  = ["arn:${local.partition}:ec2:${local.region}:${local.account}:volume/*"]
        Condition = { StringEquals = { "aws:ResourceTag/ecluse-snapshots" = var.name } }
      },
      {
        Sid      = "MakeThem"
        Effect   = "Allow"
        Action   = ["ec2:CreateSnapshot", "ec2:CreateSnapshots"]
        Resource = ["arn:${local.partition}:ec2:${local.region}::snapshot/*"]
      },
      {
        Sid       = "TagThemAsTheyAreMade"
        Effect    = "Allow"
        Action    = ["ec2:CreateTags"]
        Resource  = ["arn:${local.partition}:ec2:${local.region}::snapshot/*"]
        Condition = { StringEquals = { "ec2:CreateAction" = ["CreateSnapshot", "CreateSnapshots"] } }
      },
      {
        Sid       = "EndThem"
        Effect    = "Allow"
        Action    = ["ec2:DeleteSnapshot"]
        Resource  = ["arn:${local.partition}:ec2:${local.region}::snapshot/*"]
        Condition = { StringEquals = { "aws:ResourceTag/ecluse-project" = var.name } }
      },
      {
        Sid      = "LookAround"
        Effect   = "Allow"
        Action   = ["ec2:DescribeVolumes", "ec2:DescribeSnapshots", "ec2:DescribeInstances"]
        Resource = ["*"]
      },
    ]
  })
}

resource "aws_dlm_lifecycle_policy" "data" {
  description        = "Daily snapshots of the data of ${var.name}"
  execution_role_arn = aws_iam_role.snapshots.arn
  state              = "ENABLED"

  policy_details {
    resource_types = ["VOLUME"]
    target_tags    = { ecluse-snapshots = var.name }

    schedule {
      name      = "daily"
      copy_tags = true # ecluse-project among them, by which the role may end them

      create_rule {
        interval      = 24
        interval_unit = "HOURS"
        times         = [var.snapshots.at]
      }

      retain_rule {
        count = var.snapshots.keep
      }
    }
  }

  tags = local.tags
}
