locals {
  # for the placeholders of the project's template (ecluse init --template aws)
  init_values = merge(
    {
      region      = local.region
      bucket      = local.bucket
      environment = var.environment
      address     = local.address
    },
    local.with_emr ? {
      project                = var.name
      release                = var.emr.release
      main                   = var.emr.main_type
      workers                = join(", ", var.emr.worker_types)
      count                  = tostring(var.emr.workers)
      market                 = var.emr.spot ? "spot_else_on_demand" : "on_demand"
      left                   = "${var.emr.idle_minutes}m"
      subnets                = join(", ", aws_subnet.private[*].id)
      service_role           = aws_iam_role.emr_service[0].arn
      instance_profile       = aws_iam_instance_profile.emr_machines[0].name
      security_configuration = aws_emr_security_configuration.this[0].name
      main_group             = local.emr_groups["main"]
      workers_group          = local.emr_groups["workers"]
      service_group          = local.emr_groups["service"]
      bootstrap              = "s3://${local.bucket}/${aws_s3_object.spark[0].key}"
      spark_home             = local.spark_home
    } : { no_emr = "yes" },
    local.with_emr || local.with_serverless ? {} : { no_clusters = "yes" },
    { for cluster in aws_emr_cluster.this : "cluster_id" => cluster.id },
    { for application in aws_emrserverless_application.this : "application" => application.id },
    { for role in aws_iam_role.job_runs : "job_role" => role.arn },
  )
}

output "next" {
  description = "What to do next."
  value       = <<-EOT
    1. Let it come up, some five minutes. Its shell, without ports or keys:
         aws ssm start-session --region ${local.region} --target ${aws_instance.server.id}
         sudo journalctl -fu ecluse
    2. A way to it, which stays open as long as the command runs:
         ${local.tunnel}
    3. A link that signs in once (in its shell, then open it in your browser):
         cd /opt/ecluse/compose && sudo docker compose exec server ecluse sign-in
    ${var.https != null ? "Or without the tunnel: https://${var.https.domain}, which is to be a name (DNS, type CNAME) for ${aws_lb.web[0].dns_name}." : "Nobody reaches the web app from outside: there is no rule that lets anybody in."}
  EOT
}

locals {
  tunnel = join(" ", [
    "aws ssm start-session --region ${local.region} --target ${aws_instance.server.id} --document-name AWS-StartPortForwardingSessionToRemoteHost",
    "--parameters host=${var.https == null ? "127.0.0.1" : local.address},portNumber=8080,localPortNumber=8080",
  ])
}

output "tunnel" {
  description = "The command that brings the web app to http://127.0.0.1:8080."
  value       = local.tunnel
}

output "init" {
  description = "The command that makes a project which fits: the machine has done this already, but for a project kept in git it is where to begin."
  value       = join(" ", concat(["ecluse init school --template aws"], [for key, value in local.init_values : "--set '${key}=${value}'"]))
}

output "bucket" {
  description = "The bucket; staging, warehouse and backups are folders in it."
  value       = aws_s3_bucket.data.bucket
}

output "logs_bucket" {
  description = "Where access to the bucket, and flows of the network, are logged."
  value       = aws_s3_bucket.logs.bucket
}

output "instance" {
  description = "The machine: its id, and the addresses that it keeps when it is replaced."
  value = {
    id              = aws_instance.server.id
    public_address  = aws_eip.server.public_ip
    private_address = local.address
    data_volume     = aws_ebs_volume.data.id
  }
}

output "database" {
  description = "The metadata database, if it is one of RDS: where it is, and which secret has its password."
  value = one([for database in aws_db_instance.this : {
    endpoint = database.endpoint
    secret   = one(database.master_user_secret[*].secret_arn)
  }])
}

output "emr" {
  description = "What clusters of EMR are made with; the id of the one that stays, if there is one."
  value = local.with_emr ? {
    mode       = var.emr.mode
    values     = { for key, value in local.init_values : key => value if !contains(["application", "job_role"], key) }
    cluster_id = one(aws_emr_cluster.this[*].id)
  } : null
}

output "emr_serverless" {
  description = "The application of EMR Serverless, and the role of its job runs."
  value       = one([for application in aws_emrserverless_application.this : { application = application.id, role = aws_iam_role.job_runs[0].arn }])
}

output "roles" {
  description = "The roles that were made, for whoever reads them."
  value = {
    server       = aws_iam_role.server.arn
    emr_service  = one(aws_iam_role.emr_service[*].arn)
    emr_machines = one(aws_iam_role.emr_machines[*].arn)
    job_runs     = one(aws_iam_role.job_runs[*].arn)
  }
}
