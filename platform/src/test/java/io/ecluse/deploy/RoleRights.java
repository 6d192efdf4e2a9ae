package io.ecluse.deploy;

import io.ecluse.deploy.IamPolicies.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the roles of deploy/aws are for, and what they must not do: + is allowed, - is not. */
final class RoleRights {
  private static final String TABLE =
      """
      # the platform's machine: its environment's folders, and no others
      server + s3:GetObject @bucket/staging/prod/erp/students/part-1.parquet
      server + s3:PutObject @bucket/warehouse/prod/marts/students/data/1.parquet
      server + s3:DeleteObject @bucket/warehouse/prod/marts/students/data/1.parquet
      server + s3:AbortMultipartUpload @bucket/backups/prod/1.zip
      server + s3:PutObject @bucket/emr/passes/abc
      server + s3:DeleteObject @bucket/emr/passes/abc
      server + s3:GetObject @bucket/logs/j-1/steps/s-1/stderr.gz
      server + s3:GetObject @bucket/deploy/compose/compose.yaml
      server + s3:PutObject @bucket/deploy/spark/pyspark.tar.gz
      server + s3:ListBucket @bucket s3:prefix=warehouse/prod/marts/
      server + s3:GetBucketLocation @bucket
      server + s3:GetObject arn:aws:s3:::partner-files/2026/a.csv
      server - s3:GetObject @bucket/staging/dev/erp/students/part-1.parquet
      server - s3:PutObject @bucket/warehouse/production/x
      server - s3:PutObject @bucket/deploy/compose/compose.yaml
      server - s3:DeleteObject @bucket/deploy/spark/install
      server - s3:PutObject @bucket/logs/j-1/steps/s-1/stderr.gz
      server - s3:ListBucket @bucket s3:prefix=warehouse/dev/
      server - s3:ListBucket @bucket
      server - s3:ListAllMyBuckets *
      server - s3:DeleteObjectVersion @bucket/warehouse/prod/marts/students/data/1.parquet
      server - s3:PutBucketPolicy @bucket
      server - s3:PutBucketVersioning @bucket
      server - s3:PutLifecycleConfiguration @bucket
      server - s3:DeleteBucket @bucket
      server - s3:GetObject arn:aws:s3:::other-bucket/x
      server - s3:GetObject @bucket-logs/access/1
      server - s3:PutObject arn:aws:s3:::partner-files/2026/a.csv
      # clusters: made with our tag, touched with our tag
      server + elasticmapreduce:RunJobFlow @cluster/* elasticmapreduce:RequestTag/ecluse-project=school
      server + elasticmapreduce:AddTags @cluster/j-1 elasticmapreduce:RequestTag/ecluse-project=school
      server + elasticmapreduce:PutAutoTerminationPolicy @cluster/j-1 elasticmapreduce:RequestTag/ecluse-project=school
      server + elasticmapreduce:AddJobFlowSteps @cluster/j-1 elasticmapreduce:ResourceTag/ecluse-project=school
      server + elasticmapreduce:CancelSteps @cluster/j-1 elasticmapreduce:ResourceTag/ecluse-project=school
      server + elasticmapreduce:DescribeCluster @cluster/j-1 elasticmapreduce:ResourceTag/ecluse-project=school
      server + elasticmapreduce:ListInstances @cluster/j-1 elasticmapreduce:ResourceTag/ecluse-project=school
      server + elasticmapreduce:TerminateJobFlows @cluster/j-1 elasticmapreduce:ResourceTag/ecluse-project=school
      server + elasticmapreduce:SetTerminationProtection @cluster/j-1 elasticmapreduce:ResourceTag/ecluse-project=school
      server + elasticmapreduce:ListClusters *
      server + elasticmapreduce:DescribeReleaseLabel *
      server - elasticmapreduce:RunJobFlow @cluster/*
      server - elasticmapreduce:RunJobFlow @cluster/* elasticmapreduce:RequestTag/ecluse-project=other
      server - elasticmapreduce:TerminateJobFlows @cluster/j-9
      server - elasticmapreduce:TerminateJobFlows @cluster/j-9 elasticmapreduce:ResourceTag/ecluse-project=other
      server - elasticmapreduce:AddJobFlowSteps @cluster/j-9 elasticmapreduce:ResourceTag/team=school
      server - elasticmapreduce:AddTags @cluster/j-9 elasticmapreduce:RequestTag/team=school
      server - elasticmapreduce:AddInstanceGroups @cluster/j-1 elasticmapreduce:ResourceTag/ecluse-project=school
      server - elasticmapreduce:OpenEditorInConsole *
      server - elasticmapreduce:DeleteSecurityConfiguration *
      server - elasticmapreduce:PutBlockPublicAccessConfiguration *
      # roles: the three that it hands on, each to its service
      server + iam:PassRole arn:aws:iam::123456789012:role/school-emr-service iam:PassedToService=elasticmapreduce.amazonaws.com
      server + iam:PassRole arn:aws:iam::123456789012:role/school-emr-machines iam:PassedToService=ec2.amazonaws.com
      server - iam:PassRole arn:aws:iam::123456789012:role/school-emr-service iam:PassedToService=ec2.amazonaws.com
      server - iam:PassRole arn:aws:iam::123456789012:role/mocked-role iam:PassedToService=ec2.amazonaws.com
      server + iam:PassRole arn:aws:iam::123456789012:role/school-job-runs iam:PassedToService=emr-serverless.amazonaws.com
      server - iam:PassRole arn:aws:iam::123456789012:role/school-emr-machines iam:PassedToService=lambda.amazonaws.com
      server - iam:PassRole arn:aws:iam::123456789012:role/school-emr-machines
      server - iam:PassRole arn:aws:iam::123456789012:role/admin iam:PassedToService=ec2.amazonaws.com
      server - iam:CreateRole arn:aws:iam::123456789012:role/x
      server - iam:PutRolePolicy arn:aws:iam::123456789012:role/mocked-role
      server - iam:AttachRolePolicy arn:aws:iam::123456789012:role/mocked-role
      server - sts:AssumeRole arn:aws:iam::123456789012:role/admin
      # job runs of the one application
      server + emr-serverless:StartJobRun @application
      server + emr-serverless:GetApplication @application
      server + emr-serverless:ListJobRuns @application
      server + emr-serverless:GetJobRun @application/jobruns/1
      server + emr-serverless:CancelJobRun @application/jobruns/1
      server + emr-serverless:GetDashboardForJobRun @application/jobruns/1
      server - emr-serverless:DeleteApplication @application
      server - emr-serverless:UpdateApplication @application
      server - emr-serverless:StartJobRun arn:aws:emr-serverless:eu-west-3:123456789012:/applications/other
      # machines, networks, keys, secrets, logs
      server - ec2:RunInstances *
      server - ec2:TerminateInstances *
      server - ec2:AuthorizeSecurityGroupIngress *
      server - ec2:ModifyInstanceMetadataOptions *
      server - ec2:DescribeInstances *
      server + kms:Decrypt @key
      server + kms:GenerateDataKey @key
      server - kms:ScheduleKeyDeletion @key
      server - kms:PutKeyPolicy @key
      server - kms:Decrypt arn:aws:kms:eu-west-3:123456789012:key/other
      server + secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-west-3:123456789012:secret:rds!db-1234
      server - secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-west-3:123456789012:secret:other
      server - secretsmanager:ListSecrets *
      server - ssm:GetParameter arn:aws:ssm:eu-west-3:123456789012:parameter/other
      server - ssm:SendCommand *
      server + ssmmessages:OpenDataChannel *
      server + ssm:UpdateInstanceInformation *
      server + logs:PutLogEvents arn:aws:logs:eu-west-3:123456789012:log-group:/ecluse/school:log-stream:server
      server - logs:PutLogEvents arn:aws:logs:eu-west-3:123456789012:log-group:/aws/lambda/x:log-stream:1
      server - logs:DeleteLogGroup arn:aws:logs:eu-west-3:123456789012:log-group:/ecluse/school
      server + cloudwatch:PutMetricData * cloudwatch:namespace=Ecluse/school
      server - cloudwatch:PutMetricData * cloudwatch:namespace=AWS/EC2
      server + ecr:BatchGetImage arn:aws:ecr:eu-west-3:123456789012:repository/ecluse
      server - ecr:PutImage arn:aws:ecr:eu-west-3:123456789012:repository/ecluse
      server - ecr:BatchGetImage arn:aws:ecr:eu-west-3:123456789012:repository/other
      server - rds:DeleteDBInstance *
      server - dynamodb:Scan *
      # EMR's machines: data of this environment, no service at all
      emr_machines + s3:GetObject @bucket/staging/prod/erp/students/part-1.parquet
      emr_machines + s3:PutObject @bucket/warehouse/prod/marts/x/data/1.parquet
      emr_machines + s3:GetObject @bucket/emr/passes/abc
      emr_machines + s3:GetObject @bucket/deploy/spark/install
      emr_machines + s3:PutObject @bucket/logs/j-1/node/1.gz
      emr_machines + s3:ListBucket @bucket s3:prefix=warehouse/prod/
      emr_machines - s3:PutObject @bucket/staging/prod/erp/students/part-1.parquet
      emr_machines - s3:PutObject @bucket/deploy/spark/install
      emr_machines - s3:PutObject @bucket/emr/jars/x.jar
      emr_machines - s3:GetObject @bucket/deploy/compose/compose.yaml
      emr_machines - s3:GetObject @bucket/backups/prod/1.zip
      emr_machines - s3:GetObject @bucket/warehouse/dev/x
      emr_machines - s3:GetObject arn:aws:s3:::partner-files/2026/a.csv
      emr_machines - elasticmapreduce:RunJobFlow @cluster/* elasticmapreduce:RequestTag/ecluse-project=school
      emr_machines - iam:PassRole arn:aws:iam::123456789012:role/school-emr-machines iam:PassedToService=ec2.amazonaws.com
      emr_machines - ec2:DescribeInstances *
      emr_machines - ssm:GetParameter *
      emr_machines - secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-west-3:123456789012:secret:rds!db-1234
      job_runs + s3:GetObject @bucket/emr/jars/x.jar
      job_runs + s3:DeleteObject @bucket/warehouse/prod/x
      job_runs - s3:DeleteObject @bucket/staging/prod/x
      job_runs - emr-serverless:StartJobRun @application
      # EMR's service, beside Amazon's own policy: the one role, to machines alone
      emr_service + iam:PassRole arn:aws:iam::123456789012:role/school-emr-machines iam:PassedToService=ec2.amazonaws.com
      emr_service - iam:PassRole arn:aws:iam::123456789012:role/school-emr-machines iam:PassedToService=lambda.amazonaws.com
      emr_service - iam:PassRole arn:aws:iam::123456789012:role/admin iam:PassedToService=ec2.amazonaws.com
      emr_service - s3:GetObject @bucket/warehouse/prod/x
      # snapshots: of the data volume, and only its own are deleted
      snapshots + ec2:CreateSnapshot arn:aws:ec2:eu-west-3:123456789012:volume/vol-1 aws:ResourceTag/ecluse-snapshots=school
      snapshots + ec2:DeleteSnapshot arn:aws:ec2:eu-west-3::snapshot/snap-1 aws:ResourceTag/ecluse-project=school
      snapshots - ec2:CreateSnapshot arn:aws:ec2:eu-west-3:123456789012:volume/vol-9 aws:ResourceTag/ecluse-snapshots=other
      snapshots - ec2:DeleteSnapshot arn:aws:ec2:eu-west-3::snapshot/snap-9
      snapshots - ec2:DeleteVolume arn:aws:ec2:eu-west-3:123456789012:volume/vol-1 aws:ResourceTag/ecluse-snapshots=school
      snapshots - ec2:ModifySnapshotAttribute arn:aws:ec2:eu-west-3::snapshot/snap-1 aws:ResourceTag/ecluse-project=school
      """;

  private RoleRights() {}

  /** A request of a role, and whether it must be let through. */
  record Case(String role, boolean allowed, Request request) {}

  static List<Case> cases() {
    return TABLE.lines().filter(line -> !line.startsWith("#")).map(RoleRights::parse).toList();
  }

  private static Case parse(String line) {
    String[] words =
        line.replace("@bucket", "arn:aws:s3:::school-123456789012-eu-west-3")
            .replace("@cluster", "arn:aws:elasticmapreduce:eu-west-3:123456789012:cluster")
            .replace(
                "@application",
                "arn:aws:emr-serverless:eu-west-3:123456789012:/applications/00fkht2eodujab09")
            .replace(
                "@key",
                "arn:aws:kms:eu-west-3:123456789012:key/11111111-2222-3333-4444-555555555555")
            .split(" ");
    Map<String, String> context = new LinkedHashMap<>();
    for (int i = 4; i < words.length; i++) {
      String[] pair = words[i].split("=", 2);
      context.put(pair[0], pair[1]);
    }
    return new Case(words[0], words[1].equals("+"), new Request(words[2], words[3], context));
  }
}
