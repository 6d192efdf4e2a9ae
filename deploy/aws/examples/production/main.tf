# A school's platform: HTTPS for the school's network by a load balancer, the metadata on RDS, a key of one's own, alarms and a budget.
terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.70, < 6.0"
    }
  }

  # The state names addresses and roles, never a password. Keep it where colleagues find it, and locked:
  # backend "s3" { bucket = "…", key = "ecluse", region = "eu-west-3", encrypt = true, use_lockfile = true }
}

variable "region" {
  description = "Where, in Amazon's words."
  type        = string
  default     = "eu-west-3"
}

variable "image" {
  description = "The platform's image, by its digest."
  type        = string
}

variable "ami_id" {
  description = "Ubuntu 24.04 for x86-64; Canonical's newest unless said."
  type        = string
  default     = null
}

variable "instance_type" {
  description = "The server's machine."
  type        = string
  default     = "m6i.xlarge"
}

variable "allowed_cidrs" {
  description = "Addresses of the school."
  type        = list(string)
}

variable "https" {
  description = "The name of the web app, as data.school.example, and its certificate in ACM."
  type        = object({ domain = string, certificate_arn = string })
}

variable "operators" {
  description = "Addresses that hear of alarms and of the budget."
  type        = list(string)
}

variable "erp" {
  description = "Where the ERP is."
  type        = object({ cidr = string, port = number })
}

variable "emr_mode" {
  description = "off, transient or lasting."
  type        = string
  default     = "transient"
}

variable "serverless_image" {
  description = "An image with Spark 4.1 for EMR Serverless, in ECR; none, no application."
  type        = string
  default     = null
}

variable "destroy_data" {
  description = "Whether terraform destroy destroys the data too."
  type        = bool
  default     = false
}

provider "aws" {
  region = var.region
}

module "ecluse" {
  source = "../.."

  name  = "school"
  image = var.image
  tags  = { owner = "data-office" }

  ami_id         = var.ami_id
  instance_type  = var.instance_type
  data_volume_gb = 200
  snapshots      = { keep = 14 }

  allowed_cidrs    = var.allowed_cidrs
  https            = var.https
  source_endpoints = { erp = var.erp }

  kms      = true
  database = { instance_class = "db.t4g.small", multi_az = true, backup_days = 14 }

  emr = {
    mode    = var.emr_mode
    workers = 4
    hive    = var.emr_mode == "lasting"
    hue     = var.emr_mode == "lasting"
  }
  emr_serverless = var.serverless_image == null ? null : { image = var.serverless_image }

  alarm_emails       = var.operators
  monthly_budget_usd = 500
  log_days           = 90
  destroy_data       = var.destroy_data
}

output "next" {
  description = "What to do next."
  value       = module.ecluse.next
}

output "init" {
  description = "The command that makes a project which fits."
  value       = module.ecluse.init
}
