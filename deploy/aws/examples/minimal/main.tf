# A platform to try: one machine with the demo's ERP, a bucket, EMR's clusters when a DAG asks for them. Some 50 dollars a month while it
# runs all day (docs/deploy/aws.md).
terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.70, < 6.0"
    }
  }
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
  default     = "t3.medium"
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { ecluse-example = "minimal" }
  }
}

module "ecluse" {
  source = "../.."

  image         = var.image
  ami_id        = var.ami_id
  instance_type = var.instance_type
  demo_erp      = true
  destroy_data  = true # it is for trying
}

output "next" {
  description = "What to do next."
  value       = module.ecluse.next
}

output "init" {
  description = "The command that makes a project which fits."
  value       = module.ecluse.init
}

output "tunnel" {
  description = "The command that brings the web app to http://127.0.0.1:8080."
  value       = module.ecluse.tunnel
}
