# What is refused before anything is asked of Amazon.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  image = "registry.example/ecluse@sha256:1111111111111111111111111111111111111111111111111111111111111111"
}

run "everybody" {
  command = plan
  variables {
    allowed_cidrs = ["0.0.0.0/0"]
  }
  expect_failures = [var.allowed_cidrs]
}

run "everybody_by_ipv6" {
  command = plan
  variables {
    allowed_cidrs = ["::/0"]
  }
  expect_failures = [var.allowed_cidrs]
}

run "everybody_in_two_halves" {
  command = plan
  variables {
    allowed_cidrs = ["0.0.0.0/1", "128.0.0.0/1"]
  }
  expect_failures = [var.allowed_cidrs]
}

run "many_mistakes_at_once" {
  command = plan
  variables {
    name               = "Écluse"
    environment        = "Prod"
    tags               = { ecluse-project = "other" }
    image              = "registry.example/ecluse:latest"
    images             = { postgres = "postgres:17" }
    instance_type      = "t2.small"
    ami_id             = "ubuntu"
    data_volume_gb     = 1
    snapshots          = { at = "25:00" }
    vpc_cidr           = "8.8.0.0/16"
    allowed_cidrs      = ["everywhere"]
    https              = { domain = "https://data.school.example", certificate_arn = "mine" }
    source_endpoints   = { erp = { cidr = "0.0.0.0/0", port = 5432 } }
    source_buckets     = ["s3://partner"]
    alarm_emails       = ["ops"]
    monthly_budget_usd = 0
    log_days           = 31
    database           = { version = "9.6" }
    emr                = { mode = "always", release = "emr-5.32.0", main_type = "t3.medium", workers = 0, hue = true }
    spark_archive      = { url = "http://example.com/spark.tgz", sha256 = "none" }
    emr_serverless     = { image = "spark:4.1" }
  }
  expect_failures = [
    var.name, var.environment, var.tags, var.image, var.images, var.instance_type, var.ami_id, var.data_volume_gb, var.snapshots,
    var.vpc_cidr, var.allowed_cidrs, var.https, var.source_endpoints, var.source_buckets, var.alarm_emails, var.monthly_budget_usd,
    var.log_days, var.database, var.emr, var.spark_archive, var.emr_serverless,
  ]
}

run "https_for_nobody" {
  command = plan
  variables {
    https = { domain = "data.school.example", certificate_arn = "arn:aws:acm:eu-west-3:123456789012:certificate/11111111-2222-3333-4444-555555555555" }
  }
  expect_failures = [aws_instance.server]
}

run "ssh_for_nobody" {
  command = plan
  variables {
    ssh_key_name = "mine"
  }
  expect_failures = [aws_instance.server]
}

run "a_budget_that_nobody_hears_of" {
  command = plan
  variables {
    monthly_budget_usd = 100
  }
  expect_failures = [aws_budgets_budget.this]
}
