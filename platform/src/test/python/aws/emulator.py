"""Moto's server, with what it lacks for the AWS provider of Terraform; prints its port, and ends with its standard input.

Lacking are: DLM as a whole; EMR's instance fleets and idle time-outs; of EMR Serverless the state that the provider waits for, architecture and
image; conditions in policies of buckets; who hears of a budget; descriptions of rules that name groups; interfaces that outlive their machine.
"""
import json
import os
import sys
import threading

os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "true")

from moto.budgets.responses import BudgetsResponse  # noqa: E402
from moto.core.responses import ActionResult, EmptyResult  # noqa: E402
from moto.ec2.models.instances import Instance  # noqa: E402
from moto.ec2.responses.security_groups import SecurityGroups  # noqa: E402
from moto.emr.exceptions import InvalidRequestException  # noqa: E402
from moto.emr.responses import ElasticMapReduceResponse  # noqa: E402
from moto.emrserverless.models import EMRServerlessBackend  # noqa: E402
from moto.emrserverless.responses import EMRServerlessResponse  # noqa: E402
from moto.iam.access_control import PermissionResult  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402
from moto.s3.models import FakeBucket  # noqa: E402
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402

FLEETS = {}
IDLE = {}
POLICIES = {}


# --- EMR ---

plain_run = ElasticMapReduceResponse.run_job_flow
plain_groups = ElasticMapReduceResponse.list_instance_groups


def run_job_flow(self):
    result = plain_run(self)
    cluster = result.result["JobFlowId"]
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


# --- EC2 ---


def described(plain):
    def authorize(self):
        answer = plain(self)
        for permission, rule in zip(self._get_param("IpPermissions", []), answer.result["SecurityGroupRules"]):
            for named in permission.get("UserIdGroupPairs", []) + permission.get("PrefixListIds", []):
                if named.get("Description"):
                    rule.ip_range = {**(rule.ip_range or {}), "Description": named["Description"]}
        return answer

    return authorize


plain_terminate = Instance.terminate


def terminate(self):
    answer = plain_terminate(self)
    for interface in list(self.nics.values()):
        if not interface.delete_on_termination:
            self.detach_eni(interface)
    return answer


SecurityGroups.authorize_security_group_ingress = described(SecurityGroups.authorize_security_group_ingress)
SecurityGroups.authorize_security_group_egress = described(SecurityGroups.authorize_security_group_egress)
Instance.terminate = terminate


# --- S3 ---


def logging_is_let_in(target_bucket, target_prefix):
    statements = json.loads(target_bucket.policy)["Statement"] if target_bucket.policy else []
    return any(s["Principal"] == {"Service": "logging.s3.amazonaws.com"} for s in statements if s["Effect"] == "Allow")


# it would deny without looking at conditions, as of requests without TLS
FakeBucket.get_permission = lambda self, action, resource: PermissionResult.NEUTRAL
FakeBucket._log_permissions_enabled_policy = staticmethod(logging_is_let_in)


# --- Budgets ---


def describe_subscribers_for_notification(self):
    budget = self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]
    wanted = self._get_param("Notification")
    found = [n for n in budget.notifications if n.details["NotificationType"] == wanted["NotificationType"]]
    return json.dumps({"Subscribers": found[0].subscribers if found else []})


BudgetsResponse.describe_subscribers_for_notification = describe_subscribers_for_notification


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
    WSGIRequestHandler.protocol_version = "HTTP/1.1"  # connections are kept
    server = make_server("127.0.0.1", 0, Server(), threaded=True)
    threading.Thread(target=end_with_parent, daemon=True).start()
    print(server.server_port, flush=True)
    server.serve_forever()
