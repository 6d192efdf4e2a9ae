# What the provider would tell, in the shapes that it checks.
mock_data "aws_caller_identity" {
  defaults = { account_id = "123456789012" }
}

mock_data "aws_region" {
  defaults = { name = "eu-west-3" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws" }
}

mock_data "aws_availability_zones" {
  defaults = { names = ["eu-west-3a", "eu-west-3b", "eu-west-3c"] }
}

mock_data "aws_ssm_parameter" {
  defaults = { insecure_value = "ami-0123456789abcdef0" }
}

mock_resource "aws_kms_key" {
  defaults = { arn = "arn:aws:kms:eu-west-3:123456789012:key/11111111-2222-3333-4444-555555555555", key_id = "11111111-2222-3333-4444-555555555555" }
}

mock_resource "aws_s3_bucket" {
  defaults = { arn = "arn:aws:s3:::mocked-bucket" }
}

mock_resource "aws_sns_topic" {
  defaults = { arn = "arn:aws:sns:eu-west-3:123456789012:mocked-topic" }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:eu-west-3:123456789012:log-group:/ecluse/school" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::123456789012:role/mocked-role" }
}

mock_resource "aws_iam_instance_profile" {
  defaults = { arn = "arn:aws:iam::123456789012:instance-profile/mocked-profile" }
}

mock_resource "aws_vpc_endpoint" {
  defaults = { prefix_list_id = "pl-12345678" }
}

mock_resource "aws_instance" {
  defaults = { id = "i-0123456789abcdef0" }
}

mock_resource "aws_ebs_volume" {
  defaults = { id = "vol-0123456789abcdef0" }
}

mock_resource "aws_db_instance" {
  defaults = {
    endpoint           = "school-metadata.abcdefgh.eu-west-3.rds.amazonaws.com:5432"
    master_user_secret = [{ kms_key_id = "", secret_arn = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:rds!db-1234", secret_status = "active" }]
  }
}

mock_resource "aws_emrserverless_application" {
  defaults = { id = "00fkht2eodujab09", arn = "arn:aws:emr-serverless:eu-west-3:123456789012:/applications/00fkht2eodujab09" }
}

mock_resource "aws_emr_cluster" {
  defaults = { id = "j-2AXXXXXXGAPLF" }
}

mock_resource "aws_lb" {
  defaults = { arn = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:loadbalancer/app/school/50dc6c495c0c9188", dns_name = "school-1.eu-west-3.elb.amazonaws.com" }
}

mock_resource "aws_lb_target_group" {
  defaults = { arn = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:targetgroup/school/6d0ecf831eec9f09" }
}
