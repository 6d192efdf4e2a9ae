"""Moto's server, with what it lacks for the AWS provider of Terraform; prints its port, and ends with its standard input.

Lacking are: DLM as a whole; EMR's instance fleets and idle time-outs; of EMR Serverless the state that the provider waits for, architecture and
image.
"""
import json
import os
import sys
import threading

os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "true")

from moto.core.responses import ActionResult, EmptyResult  # noqa: E402
from moto.emr.exceptions import InvalidRequestException  # noqa: E402
from moto.emr.responses import ElasticMapReduceResponse  # noqa: E402
from moto.emrserverless.models import EMRServerlessBackend  # noqa: E402
from moto.emrserverless.responses import EMRServerlessResponse  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

FLEETS = {}
IDLE = {}
POLICIES = {}


# --- EMR ---

plain_run = ElasticMapReduceResponse.run_job_flow
plain_groups = ElasticMapReduceResponse.list_instance_groups


def run_job_flow(self):
    result = plain_run(self)
    cluster = result.result["JobFlowId"] if hasattr(result, "result") else result._result["JobFlowId"]
    fleets = self._get_param("Instances.InstanceFleets", [])
    subnets = self._get_param("Instances.Ec2SubnetIds", [])
    if fleets:
        FLEETS[cluster] = [
            {
                "Id": f"if-{cluster}-{number}",
                "Name": fleet.get("Name"),
                "InstanceFleetType": fleet["InstanceFleetType"],
                "TargetOnDemandCapacity": fleet.get("TargetOnDemandCapacity", 0),
                "TargetSpotCapacity": fleet.get("TargetSpotCapacity", 0),
                "ProvisionedOnDemandCapacity": fleet.get("TargetOnDemandCapacity", 0),
                "ProvisionedSpotCapacity": fleet.get("TargetSpotCapacity", 0),
                "LaunchSpecifications": fleet.get("LaunchSpecifications"),
                "InstanceTypeSpecifications": fleet.get("InstanceTypeConfigs", []),
                "Status": {"State": "RUNNING"},
            }
            for number, fleet in enumerate(fleets)
        ]
    if subnets:
        self.backend.clusters[cluster].ec2_subnet_id = subnets[0]
    policy = self._get_param("AutoTerminationPolicy")
    if policy:
        IDLE[cluster] = policy
    return result


def list_instance_fleets(self):
    return ActionResult({"InstanceFleets": FLEETS.get(self._get_param("ClusterId"), [])})


def list_instance_groups(self):
    if self._get_param("ClusterId") in FLEETS:
        raise InvalidRequestException("Instance fleets and instance groups are mutually exclusive.")
    return plain_groups(self)


def get_auto_termination_policy(self):
    policy = IDLE.get(self._get_param("ClusterId"))
    return ActionResult({"AutoTerminationPolicy": policy} if policy else {})


def put_auto_termination_policy(self):
    IDLE[self._get_param("ClusterId")] = self._get_param("AutoTerminationPolicy")
    return EmptyResult()


def remove_auto_termination_policy(self):
    IDLE.pop(self._get_param("ClusterId"), None)
    return EmptyResult()


for method in [
    run_job_flow,
    list_instance_fleets,
    list_instance_groups,
    get_auto_termination_policy,
    put_auto_termination_policy,
    remove_auto_termination_policy,
]:
    setattr(ElasticMapReduceResponse, method.__name__, method)


# --- EMR Serverless ---

plain_create = EMRServerlessBackend.create_application
plain_respond = EMRServerlessResponse.create_application


def create_application(self, **words):
    application = plain_create(self, **{**words, "application_type": words["application_type"].upper()})
    application.state = "CREATED"
    return application


def create_application_response(self):
    image = self._get_param("imageConfiguration")
    architecture = self._get_param("architecture")
    answer = plain_respond(self)
    application = list(self.emrserverless_backend.applications.values())[-1]
    application.architecture = architecture
    if image:
        application.image_configuration = image
    return answer


EMRServerlessBackend.create_application = create_application
EMRServerlessResponse.create_application = create_application_response


# --- DLM ---


def lifecycle(environ):
    """The few requests of DLM that the provider sends."""
    method = environ["REQUEST_METHOD"]
    words = [w for w in environ["PATH_INFO"].split("/") if w]
    size = int(environ.get("CONTENT_LENGTH") or 0)
    body = json.loads(environ["wsgi.input"].read(size) or b"{}") if size else {}
    if method == "POST" and words == ["policies"]:
        number = f"policy-{len(POLICIES) + 1:017d}"
        POLICIES[number] = {
            "PolicyId": number,
            "PolicyArn": f"arn:aws:dlm:eu-west-3:123456789012:policy/{number}",
            **body,
        }
        return 200, {"PolicyId": number}
    policy = POLICIES.get(words[1]) if len(words) == 2 else None
    if policy is None:
        return 404, {"Message": "No such policy", "Code": "ResourceNotFoundException"}
    if method == "DELETE":
        del POLICIES[words[1]]
        return 200, {}
    if method == "PATCH":
        policy.update({key: value for key, value in body.items() if key != "PolicyId"})
        return 200, {}
    return 200, {"Policy": policy}


class Server:
    def __init__(self):
        self.moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ, start):
        if "/dlm/aws4_request" in environ.get("HTTP_AUTHORIZATION", ""):
            status, answer = lifecycle(environ)
            headers = [("Content-Type", "application/json")]
            if status != 200:
                headers.append(("x-amzn-ErrorType", answer["Code"]))
            start(f"{status} -", headers)
            return [json.dumps(answer).encode()]
        return self.moto(environ, start)


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, Server(), threaded=True)
    threading.Thread(target=end_with_parent, daemon=True).start()
    print(server.server_port, flush=True)
    server.serve_forever()
