# What comes of the least that can be said, and of nearly all that can. The states are read by a test in Java, too, which holds the policies
# against a list of what is allowed and what is not.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  image = "123456789012.dkr.ecr.eu-west-3.amazonaws.com/ecluse@sha256:1111111111111111111111111111111111111111111111111111111111111111"
}

override_resource {
  target = aws_iam_role.emr_service
  values = { arn = "arn:aws:iam::123456789012:role/school-emr-service" }
}

override_resource {
  target = aws_iam_role.emr_machines
  values = { arn = "arn:aws:iam::123456789012:role/school-emr-machines" }
}

override_resource {
  target = aws_iam_role.job_runs
  values = { arn = "arn:aws:iam::123456789012:role/school-job-runs" }
}

run "least" {
  command = apply

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.ssh) == 0 && length(aws_lb.web) == 0
    error_message = "Nobody comes in unless asked for."
  }
  assert {
    condition     = aws_instance.server.metadata_options[0].http_tokens == "required"
    error_message = "IMDSv2 alone."
  }
  assert {
    condition     = length(aws_emr_cluster.this) == 0 && length(aws_db_instance.this) == 0 && length(aws_emrserverless_application.this) == 0
    error_message = "Nothing runs all day but the machine."
  }
  assert {
    condition     = aws_ebs_volume.data.encrypted && aws_ebs_volume.data.final_snapshot && aws_instance.server.root_block_device[0].encrypted
    error_message = "Disks are encrypted, and data is not destroyed unless asked for."
  }
}

run "nearly_all" {
  command = apply
  variables {
    name               = "school"
    environment        = "prod"
    allowed_cidrs      = ["203.0.113.7/32", "2001:db8::/64"]
    https              = { domain = "data.school.example", certificate_arn = "arn:aws:acm:eu-west-3:123456789012:certificate/11111111-2222-3333-4444-555555555555" }
    ssh_key_name       = "ops"
    source_endpoints   = { erp = { cidr = "198.51.100.20/32", port = 5432 } }
    source_buckets     = ["partner-files"]
    kms                = true
    database           = { multi_az = true }
    emr                = { mode = "lasting", hive = true, hue = true }
    emr_serverless     = { image = "123456789012.dkr.ecr.eu-west-3.amazonaws.com/spark@sha256:2222222222222222222222222222222222222222222222222222222222222222" }
    alarm_emails       = ["ops@school.example"]
    monthly_budget_usd = 500
    demo_erp           = true
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.ssh) == 2 && length(aws_vpc_security_group_ingress_rule.web) == 2
    error_message = "HTTPS and SSH for the two addresses that were named."
  }
  assert {
    condition     = aws_db_instance.this[0].storage_encrypted && aws_db_instance.this[0].manage_master_user_password && aws_db_instance.this[0].deletion_protection
    error_message = "The database is encrypted, protected, and its password is Amazon's matter."
  }
  assert {
    condition     = aws_emr_cluster.this[0].auto_termination_policy[0].idle_timeout == 900 && contains(aws_emr_cluster.this[0].applications, "Hue")
    error_message = "A cluster ends when nobody uses it, and has what was asked for."
  }
  assert {
    condition     = strcontains(output.init, "--set 'cluster_id=j-2AXXXXXXGAPLF'") && strcontains(output.next, "https://data.school.example")
    error_message = "Outputs tell what to do."
  }
}
