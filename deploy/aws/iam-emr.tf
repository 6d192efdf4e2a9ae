locals {
  clusters     = "arn:${local.partition}:elasticmapreduce:${local.region}:${local.account}:cluster/*"
  applications = [for application in aws_emrserverless_application.this : application.arn]

  # What the platform asks of EMR (docs/emr.md): clusters that it makes carry the tag, and it may touch no other.
  emr_statements = [
    {
      Sid       = "MakeClustersWithOurTag"
      Effect    = "Allow"
      Action    = ["elasticmapreduce:RunJobFlow", "elasticmapreduce:AddTags", "elasticmapreduce:PutAutoTerminationPolicy"]
      Resource  = [local.clusters]
      Condition = { StringEquals = { "elasticmapreduce:RequestTag/ecluse-project" = var.name } }
    },
    {
      Sid    = "WorkOnClustersWithOurTag"
      Effect = "Allow"
      Action = [
        "elasticmapreduce:AddJobFlowSteps", "elasticmapreduce:CancelSteps", "elasticmapreduce:DescribeCluster",
        "elasticmapreduce:DescribeStep", "elasticmapreduce:ListSteps", "elasticmapreduce:ListInstances",
        "elasticmapreduce:SetTerminationProtection", "elasticmapreduce:TerminateJobFlows", "elasticmapreduce:PutAutoTerminationPolicy",
      ]
      Resource  = [local.clusters]
      Condition = { StringEquals = { "elasticmapreduce:ResourceTag/ecluse-project" = var.name } }
    },
    {
      Sid      = "LookAround" # these know no resource
      Effect   = "Allow"
      Action   = ["elasticmapreduce:ListClusters", "elasticmapreduce:DescribeReleaseLabel"]
      Resource = ["*"]
    },
    {
      Sid       = "GiveEmrItsRole"
      Effect    = "Allow"
      Action    = ["iam:PassRole"]
      Resource  = aws_iam_role.emr_service[*].arn
      Condition = { StringLike = { "iam:PassedToService" = "elasticmapreduce.amazonaws.com*" } }
    },
    {
      Sid       = "GiveTheMachinesTheirs"
      Effect    = "Allow"
      Action    = ["iam:PassRole"]
      Resource  = aws_iam_role.emr_machines[*].arn
      Condition = { StringLike = { "iam:PassedToService" = "ec2.amazonaws.com*" } }
    },
  ]

  serverless_statements = [
    {
      Sid      = "StartJobRuns"
      Effect   = "Allow"
      Action   = ["emr-serverless:GetApplication", "emr-serverless:StartJobRun", "emr-serverless:ListJobRuns", "emr-serverless:TagResource"]
      Resource = local.applications
    },
    {
      Sid      = "WatchJobRuns"
      Effect   = "Allow"
      Action   = ["emr-serverless:GetJobRun", "emr-serverless:CancelJobRun", "emr-serverless:GetDashboardForJobRun", "emr-serverless:TagResource"]
      Resource = [for arn in local.applications : "${arn}/jobruns/*"]
    },
    {
      Sid       = "GiveJobRunsTheirRole"
      Effect    = "Allow"
      Action    = ["iam:PassRole"]
      Resource  = aws_iam_role.job_runs[*].arn
      Condition = { StringEquals = { "iam:PassedToService" = "emr-serverless.amazonaws.com" } }
    },
  ]

  # What machines of a cluster, and job runs, may do: the data of this environment, jars and secrets of applications, logs.
  machine_statements = concat(
    [
      {
        Sid       = "ListTheFolders"
        Effect    = "Allow"
        Action    = ["s3:ListBucket", "s3:ListBucketMultipartUploads"]
        Resource  = [local.bucket_arn]
        Condition = { StringLike = { "s3:prefix" = concat(local.data_of_machines, ["emr/*", "logs/*", "deploy/spark/*"]) } }
      },
      {
        Sid      = "FindTheBucket"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation"]
        Resource = [local.bucket_arn]
      },
      {
        Sid      = "ReadJarsAndStaging"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = [for folder in ["emr/*", "deploy/spark/*", "staging/${var.environment}/*"] : "${local.bucket_arn}/${folder}"]
      },
      {
        Sid      = "ReadAndWriteTables"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
        Resource = ["${local.bucket_arn}/warehouse/${var.environment}/*"]
      },
      {
        Sid      = "WriteLogs"
        Effect   = "Allow"
        Action   = ["s3:PutObject", "s3:AbortMultipartUpload"]
        Resource = ["${local.bucket_arn}/logs/*"]
      },
    ],
    [for arns in [local.key_arns] : {
      Sid      = "UseTheKey"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = arns
    } if var.kms],
  )
  data_of_machines = ["staging/${var.environment}/*", "warehouse/${var.environment}/*"]
}

# --- EMR itself: Amazon's policy, which goes by the tag of network and cluster, and the one role that it may hand on ---

resource "aws_iam_role" "emr_service" {
  count = local.with_emr ? 1 : 0

  name               = "${var.name}-emr-service"
  description        = "EMR, for clusters of ${var.name}"
  assume_role_policy = local.trust.emr
  tags               = local.emr_tags
}

resource "aws_iam_role_policy_attachment" "emr_service" {
  count = local.with_emr ? 1 : 0

  role       = aws_iam_role.emr_service[0].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2"
}

resource "aws_iam_role_policy" "emr_service" {
  count = local.with_emr ? 1 : 0

  name = "hand-on"
  role = aws_iam_role.emr_service[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "GiveTheMachinesTheirRole"
        Effect    = "Allow"
        Action    = ["iam:PassRole"]
        Resource  = [aws_iam_role.emr_machines[0].arn]
        Condition = { StringLike = { "iam:PassedToService" = "ec2.amazonaws.com*" } }
      }],
      [for arns in [local.key_arns] : {
        Sid      = "EncryptDisks"
        Effect   = "Allow"
        Action   = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey", "kms:CreateGrant"]
        Resource = arns
      } if var.kms],
    )
  })
}

resource "aws_iam_role" "emr_machines" {
  count = local.with_emr ? 1 : 0

  name               = "${var.name}-emr-machines"
  description        = "Machines of EMR's clusters of ${var.name}"
  assume_role_policy = local.trust.ec2
  tags               = local.tags
}

resource "aws_iam_role_policy" "emr_machines" {
  count = local.with_emr ? 1 : 0

  name   = "data"
  role   = aws_iam_role.emr_machines[0].id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.machine_statements })
}

resource "aws_iam_instance_profile" "emr_machines" {
  count = local.with_emr ? 1 : 0

  name = "${var.name}-emr-machines"
  role = aws_iam_role.emr_machines[0].name
  tags = local.tags
}

resource "aws_iam_role" "job_runs" {
  count = local.with_serverless ? 1 : 0

  name               = "${var.name}-job-runs"
  description        = "Job runs of EMR Serverless of ${var.name}"
  assume_role_policy = local.trust.serverless
  tags               = local.tags
}

resource "aws_iam_role_policy" "job_runs" {
  count = local.with_serverless ? 1 : 0

  name   = "data"
  role   = aws_iam_role.job_runs[0].id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.machine_statements })
}
