"""Asks for a certificate, and prints its ARN."""
import sys

import boto3

acm = boto3.client(
    "acm", endpoint_url=sys.argv[1], region_name="eu-west-3", aws_access_key_id="test", aws_secret_access_key="test"
)
print(acm.request_certificate(DomainName="data.school.example")["CertificateArn"])
