#!/usr/bin/python3
"""Brings the platform up on its machine, and keeps an eye on it. Everything may be done twice.

start  the data volume, the compose file from the bucket, secrets, the project, the containers, Spark for clusters
stop   ends the containers
watch  metrics for the alarms; a database password that was changed
"""
import base64
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import boto3

ROOT = pathlib.Path(os.environ.get("ECLUSE_BOOT_ROOT", "/"))  # another in tests
HOME = ROOT / "opt/ecluse"
DATA = ROOT / "srv/ecluse"
SECRETS = DATA / "secrets"
SETTINGS = json.loads((HOME / "settings.json").read_text())


def client(service):
    return boto3.client(service, region_name=SETTINGS["region"])


def run(*words, **more):
    return subprocess.run(words, check=True, **more)


def volume():
    """Waits for the data volume, which is attached after the machine has started; makes a file system on an empty one only."""
    if os.path.ismount(DATA):
        return
    device = ROOT / "dev/disk/by-id" / ("nvme-Amazon_Elastic_Block_Store_" + SETTINGS["volume"].replace("-", ""))
    for _ in range(120):
        if device.exists():
            break
        time.sleep(5)
    else:
        sys.exit(f"{SETTINGS['volume']} is not attached: look at aws_volume_attachment.data, then systemctl restart ecluse")
    # 2: nothing is on it; any other failure is no reason to make a file system
    probe = subprocess.run(["blkid", "-p", str(device)], stdout=subprocess.DEVNULL)
    if probe.returncode == 2:
        run("mkfs.ext4", "-q", "-L", "ecluse", str(device))
    elif probe.returncode != 0:
        sys.exit(f"Nobody knows what is on {device} (blkid: {probe.returncode}), so it is left alone")
    DATA.mkdir(parents=True, exist_ok=True)
    run("mount", "-o", "noatime,nodev,nosuid", str(device), str(DATA))
    subprocess.run(["resize2fs", str(device)], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def compose_files():
    """The compose file and what belongs to it, of the version that was applied last."""
    s3 = client("s3")
    folder = HOME / "compose"
    shutil.rmtree(folder, ignore_errors=True)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=SETTINGS["bucket"], Prefix="deploy/compose/")
    for found in (o for page in pages for o in page.get("Contents", [])):
        file = folder / found["Key"].removeprefix("deploy/compose/")
        file.parent.mkdir(parents=True, exist_ok=True)
        s3.download_file(SETTINGS["bucket"], found["Key"], str(file))
    shutil.copy(HOME / "compose.aws.yaml", folder / "compose.aws.yaml")


def prepare():
    """Secrets, folders and images by the compose file's own script; what is said here goes before what that says."""
    told = SETTINGS["compose_environment"]
    SECRETS.mkdir(mode=0o700, parents=True, exist_ok=True)
    if SETTINGS["database_secret"]:
        database_password()
    folders = {"ECLUSE_SECRETS": str(SECRETS), "ECLUSE_DATA": str(DATA)}
    run(
        "sh",
        str(HOME / "compose/prepare"),
        told["ECLUSE_IMAGE"],
        *told["COMPOSE_PROFILES"].split(","),
        env={**os.environ, **told, **folders},
    )
    file = HOME / "compose/.env"
    lines = dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line and not line.startswith("#"))
    lines.update(folders)
    # in quotes, so that compose does not look for a variable in ${secret:…}
    lines.update({key: f"'{value}'" for key, value in told.items()})
    file.write_text("".join(f"{key}={value}\n" for key, value in lines.items()))


def keep(name, value):
    """Writes a secret as prepare does: readable, in a folder that is closed. Says whether it is another than before."""
    file = SECRETS / name
    if file.exists() and file.read_text() == value:
        return False
    fresh = file.with_name(name + ".new")
    fresh.write_text(value)
    fresh.chmod(0o444)
    fresh.replace(file)
    return True


def database_password():
    """The password that Amazon keeps, and changes each week; percent-encoded, since it becomes part of a URL."""
    told = client("secretsmanager").get_secret_value(SecretId=SETTINGS["database_secret"])["SecretString"]
    return keep("metadata", urllib.parse.quote(json.loads(told)["password"], safe=""))


def sign_in():
    if not SETTINGS["registry"]:
        return
    told = client("ecr").get_authorization_token()["authorizationData"][0]["authorizationToken"]
    user, password = base64.b64decode(told).decode().split(":", 1)
    run("docker", "login", "--username", user, "--password-stdin", SETTINGS["registry"], input=password.encode())


def project():
    """A project that fits this installation, unless there is one."""
    folder = DATA / "project"
    if (folder / "ecluse.yaml").exists():
        return
    try:
        told = client("s3").get_object(Bucket=SETTINGS["bucket"], Key="deploy/template.json")
    except client("s3").exceptions.NoSuchKey:
        sys.exit("The project waits for what it is made of, as for a cluster that comes up; tried again in half a minute")
    template = json.load(told["Body"])
    words = ["init", "/project", "--template", "aws"]
    for key, value in sorted(template.items()):
        words += ["--set", f"{key}={value}"]
    image = SETTINGS["compose_environment"]["ECLUSE_IMAGE"]
    run("docker", "run", "--rm", "--network", "none", "--volume", f"{folder}:/project", image, *words)


def compose(*words):
    files = ["--file", "compose.yaml", "--file", "compose.aws.yaml"]
    run("docker", "compose", *files, *words, cwd=HOME / "compose")


def spark():
    """Brings Spark into the bucket once, for machines that have no way to the internet."""
    wanted = SETTINGS["spark"]
    if not wanted:
        return
    s3 = client("s3")
    if s3.list_objects_v2(Bucket=SETTINGS["bucket"], Prefix=wanted["key"]).get("KeyCount"):
        return
    with tempfile.NamedTemporaryFile(dir=DATA) as file:
        digest = hashlib.sha256()
        with urllib.request.urlopen(wanted["url"], timeout=60) as source:
            while block := source.read(1 << 20):
                digest.update(block)
                file.write(block)
        file.flush()
        if digest.hexdigest() != wanted["sha256"]:
            sys.exit(f"{wanted['url']} has SHA-256 {digest.hexdigest()}, not {wanted['sha256']}: look at spark_archive")
        s3.upload_file(file.name, SETTINGS["bucket"], wanted["key"])


def used(folder):
    usage = shutil.disk_usage(folder)
    return 100 * usage.used / usage.total


def is_ready():
    try:
        with urllib.request.urlopen("http://127.0.0.1:8081/health/ready", timeout=10) as answer:
            return answer.status == 200
    except OSError:
        return False


def watch():
    if SETTINGS["database_secret"] and database_password():
        compose("up", "--detach", "--force-recreate", "server")
    values = {"not_ready": 0 if is_ready() else 1, "data_used_percent": used(DATA), "root_used_percent": used(ROOT)}
    client("cloudwatch").put_metric_data(
        Namespace=SETTINGS["metrics"],
        MetricData=[{"MetricName": name, "Value": value} for name, value in values.items()],
    )


def start():
    volume()
    compose_files()
    sign_in()
    prepare()
    spark()
    project()
    compose("pull", "--quiet", "--ignore-buildable")
    compose("up", "--detach", "--remove-orphans", "--wait")


if __name__ == "__main__":
    {"start": start, "stop": lambda: compose("down", "--timeout", "40"), "watch": watch}[sys.argv[1]]()
