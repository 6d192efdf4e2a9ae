"""What is there, as JSON: asked of the services themselves, not of Terraform's state."""
import json
import sys

import boto3

endpoint, region, name = sys.argv[1:4]


def client(service):
    return boto3.client(
        service, endpoint_url=endpoint, region_name=region, aws_access_key_id="test", aws_secret_access_key="test"
    )


ec2, s3, iam = client("ec2"), client("s3"), client("iam")
ours = [{"Name": "tag:ecluse-project", "Values": [name]}]


def bucket(called):
    encryption = s3.get_bucket_encryption(Bucket=called)["ServerSideEncryptionConfiguration"]["Rules"][0]
    return {
        "name": called,
        "encryption": encryption["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
        "public": s3.get_public_access_block(Bucket=called)["PublicAccessBlockConfiguration"],
        "versioning": s3.get_bucket_versioning(Bucket=called).get("Status"),
        "policy": json.loads(s3.get_bucket_policy(Bucket=called)["Policy"]),
        "lifecycle": [rule["ID"] for rule in s3.get_bucket_lifecycle_configuration(Bucket=called)["Rules"]],
        "objects": [o["Key"] for o in s3.list_objects_v2(Bucket=called).get("Contents", [])],
    }


def role(called):
    names = iam.list_role_policies(RoleName=called)["PolicyNames"]
    return {
        "policies": [iam.get_role_policy(RoleName=called, PolicyName=n)["PolicyDocument"] for n in names],
        "attached": [p["PolicyName"] for p in iam.list_attached_role_policies(RoleName=called)["AttachedPolicies"]],
        "tags": {t["Key"]: t["Value"] for t in iam.list_role_tags(RoleName=called)["Tags"]},
    }


def instances():
    found = ec2.describe_instances(Filters=ours)["Reservations"]
    return [i for r in found for i in r["Instances"] if i["State"]["Name"] not in ("terminated", "shutting-down")]


there = {
    "instances": [
        {
            "id": i["InstanceId"],
            "type": i["InstanceType"],
            "state": i["State"]["Name"],
            "imds": i["MetadataOptions"],
            "private": i.get("PrivateIpAddress"),
            "volumes": [m["Ebs"]["VolumeId"] for m in i["BlockDeviceMappings"]],
            "interfaces": [n["NetworkInterfaceId"] for n in i["NetworkInterfaces"]],
        }
        for i in instances()
    ],
    "volumes": [
        {"id": v["VolumeId"], "encrypted": v["Encrypted"], "size": v["Size"], "on": [a["InstanceId"] for a in v["Attachments"]]}
        for v in ec2.describe_volumes(Filters=ours)["Volumes"]
    ],
    "groups": {
        g["GroupName"]: [
            {
                "ports": [p.get("FromPort"), p.get("ToPort")],
                "from": [r["CidrIp"] for r in p["IpRanges"]]
                + [r["CidrIpv6"] for r in p["Ipv6Ranges"]]
                + [r["GroupId"] for r in p["UserIdGroupPairs"]],
            }
            for p in g["IpPermissions"]
        ]
        for g in ec2.describe_security_groups(Filters=ours)["SecurityGroups"]
        if g["GroupName"] != "default"  # goes with its network
    },
    "networks": [v["VpcId"] for v in ec2.describe_vpcs(Filters=ours)["Vpcs"]],
    "addresses": [a["PublicIp"] for a in ec2.describe_addresses(Filters=ours)["Addresses"]],
    "endpoints": [e["ServiceName"] for e in ec2.describe_vpc_endpoints(Filters=ours)["VpcEndpoints"] if e["State"] != "deleted"],
    "flow_logs": [f["LogDestination"] for f in ec2.describe_flow_logs(Filters=ours)["FlowLogs"]],
    "buckets": [bucket(b["Name"]) for b in s3.list_buckets()["Buckets"] if b["Name"].startswith(name + "-")],
    "roles": {r["RoleName"]: role(r["RoleName"]) for r in iam.list_roles()["Roles"] if r["RoleName"].startswith(name + "-")},
    "profiles": [p["InstanceProfileName"] for p in iam.list_instance_profiles()["InstanceProfiles"]],
    "databases": [
        {
            "id": d["DBInstanceIdentifier"],
            "encrypted": d["StorageEncrypted"],
            "public": d["PubliclyAccessible"],
            "backups": d["BackupRetentionPeriod"],
        }
        for d in client("rds").describe_db_instances()["DBInstances"]
    ],
    "balancers": [b["LoadBalancerName"] for b in client("elbv2").describe_load_balancers()["LoadBalancers"]],
    "alarms": [a["AlarmName"] for a in client("cloudwatch").describe_alarms()["MetricAlarms"]],
    "log_groups": [g["logGroupName"] for g in client("logs").describe_log_groups()["logGroups"]],
    "topics": [t["TopicArn"] for t in client("sns").list_topics()["Topics"]],
    "clusters": [
        client("emr").describe_cluster(ClusterId=c["Id"])["Cluster"]["Name"]
        for c in client("emr").list_clusters(ClusterStates=["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"])["Clusters"]
    ],
    "applications": [a["name"] for a in client("emr-serverless").list_applications()["applications"] if a["state"] != "TERMINATED"],
}
print(json.dumps(there, default=str))
