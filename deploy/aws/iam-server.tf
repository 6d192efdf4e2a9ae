# What the machine of the platform may do, and nothing else. The policies are written out here, so that a test reads what is applied.

locals {
  trust = {
    for name, service in {
      ec2        = "ec2.amazonaws.com"
      emr        = "elasticmapreduce.amazonaws.com"
      serverless = "emr-serverless.amazonaws.com"
      dlm        = "dlm.amazonaws.com"
      } : name => jsonencode({
        Version = "2012-10-17"
        Statement = [merge(
          { Effect = "Allow", Principal = { Service = service }, Action = "sts:AssumeRole" },
          # EC2 tells no account when it takes a role; the others do, so that nobody else's cluster borrows ours
          name == "ec2" ? {} : { Condition = { StringEquals = { "aws:SourceAccount" = local.account } } },
        )]
    })
  }

  zones_of_environment = [for zone in ["staging", "warehouse", "backups"] : "${zone}/${var.environment}/*"]

  server_statements = concat(
    [
      {
        Sid      = "ListItsFolders"
        Effect   = "Allow"
        Action   = ["s3:ListBucket", "s3:ListBucketMultipartUploads"]
        Resource = [local.bucket_arn]
        Condition = {
          StringLike = { "s3:prefix" = concat(local.zones_of_environment, ["emr/*", "logs/*", "deploy/*"]) }
        }
      },
      {
        Sid      = "FindTheBucket"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation"]
        Resource = [local.bucket_arn]
      },
      {
        Sid      = "ReadAndWriteItsFolders"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
        Resource = [for folder in concat(local.zones_of_environment, ["emr/*"]) : "${local.bucket_arn}/${folder}"]
      },
      {
        Sid      = "ReadWhatIsDeployed"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = ["${local.bucket_arn}/deploy/*", "${local.bucket_arn}/logs/*"]
      },
      {
        Sid      = "BringSpark"
        Effect   = "Allow"
        Action   = ["s3:PutObject", "s3:AbortMultipartUpload"]
        Resource = ["${local.bucket_arn}/deploy/spark/*"]
      },
      {
        # sessions and port forwarding, no more: Amazon's own policy would also let it read all parameters of the account
        Sid    = "SessionManager"
        Effect = "Allow"
        Action = [
          "ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
        ]
        Resource = ["*"]
      },
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
        Resource = ["${aws_cloudwatch_log_group.server.arn}", "${aws_cloudwatch_log_group.server.arn}:*"]
      },
      {
        Sid       = "Metrics"
        Effect    = "Allow"
        Action    = ["cloudwatch:PutMetricData"]
        Resource  = ["*"]
        Condition = { StringEquals = { "cloudwatch:namespace" = local.metrics } }
      },
    ],
    [for buckets in [var.source_buckets] : {
      Sid    = "ReadSources"
      Effect = "Allow"
      Action = ["s3:ListBucket", "s3:GetBucketLocation", "s3:GetObject"]
      Resource = flatten([for bucket in buckets : [
        "arn:${local.partition}:s3:::${bucket}", "arn:${local.partition}:s3:::${bucket}/*",
      ]])
    } if length(buckets) > 0],
    [for arns in [local.key_arns] : {
      Sid      = "UseTheKey"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = arns
    } if var.kms],
    [for arns in [local.ecr_arns] : {
      Sid      = "PullTheImage"
      Effect   = "Allow"
      Action   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]
      Resource = arns
    } if length(arns) > 0],
    [for arns in [local.ecr_arns] : {
      Sid      = "SignInToTheRegistry"
      Effect   = "Allow"
      Action   = ["ecr:GetAuthorizationToken"]
      Resource = ["*"]
    } if length(arns) > 0],
    [for database in aws_db_instance.this : {
      Sid      = "TheDatabasesPassword"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = database.master_user_secret[*].secret_arn
    }],
    [for statement in local.emr_statements : statement if local.with_emr],
    [for statement in local.serverless_statements : statement if local.with_serverless],
  )
}

resource "aws_iam_role" "server" {
  name                 = "${var.name}-server"
  description          = "The machine of the platform"
  assume_role_policy   = local.trust.ec2
  max_session_duration = 3600
  tags                 = local.tags
}

resource "aws_iam_role_policy" "server" {
  name   = "platform"
  role   = aws_iam_role.server.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.server_statements })
}

resource "aws_iam_instance_profile" "server" {
  name = "${var.name}-server"
  role = aws_iam_role.server.name
  tags = local.tags
}
