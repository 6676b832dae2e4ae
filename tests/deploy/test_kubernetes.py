"""The Kubernetes files: valid by the published schemas, and in agreement with the server and with each other."""

import copy
import shutil
import subprocess

import kubernetes_validate
import pytest
import yaml

from app.assets import PREFIX
from app.main import app
from app.settings import Settings, unknown_variables
from tests.conftest import ROOT

FOLDER = ROOT / "deploy" / "kubernetes"
BASE = FOLDER / "base"
OLDEST = "1.30"  # the first that can pause before SIGTERM without running a program in the container
NEWEST = kubernetes_validate.latest_version()
FILES = sorted(file for file in FOLDER.glob("*/*.yaml") if file.name != "kustomization.yaml")
OBJECTS = [each for file in FILES for each in yaml.safe_load_all(file.read_text())]
KUBECTL = shutil.which("kubectl")


def named(kind, name="inkscope"):
    (found,) = (each for each in OBJECTS if (each["kind"], each["metadata"]["name"]) == (kind, name))
    return found


DEPLOYMENT = named("Deployment")
POD = DEPLOYMENT["spec"]["template"]["spec"]
CONTAINER = POD["containers"][0]
ENVIRONMENT = {each["name"]: each["value"] for each in CONTAINER["env"]}
PARTS = [named("Ingress", "inkscope-pages"), named("Ingress", "inkscope-files")]
ANNOTATIONS = named("Ingress")["metadata"]["annotations"]


@pytest.fixture(scope="module")
def settings():
    """As a pod has them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PORT", raising=False)
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        return Settings()


def seconds(text):
    assert text.endswith("s")
    return int(text[:-1])


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("each", OBJECTS, ids=lambda each: each["kind"])
def test_each_object_is_what_kubernetes_takes(each, version):
    kubernetes_validate.validate(each, version, strict=True)


def test_a_field_that_kubernetes_does_not_know_is_found():
    broken = copy.deepcopy(DEPLOYMENT)
    broken["spec"]["template"]["spec"]["terminationGracePeriod"] = 30
    with pytest.raises(kubernetes_validate.ValidationError, match="terminationGracePeriod"):
        kubernetes_validate.validate(broken, NEWEST, strict=True)


@pytest.mark.parametrize("folder", [BASE, FOLDER / "example"], ids=lambda folder: folder.name)
def test_the_kustomization_names_the_files_that_are_there(folder):
    resources = yaml.safe_load((folder / "kustomization.yaml").read_text())["resources"]
    beside = {file.name for file in folder.iterdir()} - {"kustomization.yaml"}
    assert {name for name in resources if not name.startswith("../")} == beside
    assert all((folder / name).exists() for name in resources)


@pytest.mark.skipif(KUBECTL is None, reason="no kubectl, which renders an overlay")
def test_what_the_example_renders_is_valid_and_carries_its_name_everywhere():
    command = [str(KUBECTL), "kustomize", str(FOLDER / "example")]
    rendered = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    objects = list(yaml.safe_load_all(rendered))
    for each in objects:
        kubernetes_validate.validate(each, NEWEST, strict=True)
    assert {each["metadata"].get("namespace") for each in objects if each["kind"] != "Namespace"} == {"inkscope"}
    ingresses = [each["spec"] for each in objects if each["kind"] == "Ingress"]
    hosts = {rule["host"] for spec in ingresses for rule in spec["rules"]}
    assert {host for spec in ingresses for tls in spec.get("tls", []) for host in tls["hosts"]} == hosts
    (deployment,) = (each for each in objects if each["kind"] == "Deployment")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert {"name": "INKSCOPE_ALLOWED_HOSTS", "value": ",".join(hosts)} in container["env"]
    assert container["image"].startswith("registry.example/inkscope:")


def test_the_environment_holds_settings_of_the_server(settings):
    assert unknown_variables(ENVIRONMENT) == []
    assert settings.metrics_port == int(ENVIRONMENT["INKSCOPE_METRICS_PORT"])


def test_everybody_means_the_same_ports(settings):
    ports = {port["name"]: port["containerPort"] for port in CONTAINER["ports"]}
    assert ports == {"http": settings.port, "metrics": settings.metrics_port}
    assert f"PORT={settings.port}" in (ROOT / "Dockerfile").read_text()
    annotations = DEPLOYMENT["spec"]["template"]["metadata"]["annotations"]
    assert int(annotations["prometheus.io/port"]) == settings.metrics_port
    assert [port["targetPort"] for port in named("Service")["spec"]["ports"]] == list(ports)
    allowed = [rule["ports"][0]["port"] for rule in named("NetworkPolicy")["spec"]["ingress"]]
    assert allowed == list(ports)
    assert {CONTAINER[f"{which}Probe"]["httpGet"]["port"] for which in ("startup", "readiness", "liveness")} == {"http"}


def test_the_probes_ask_what_the_server_answers():
    paths = {CONTAINER[f"{which}Probe"]["httpGet"]["path"] for which in ("startup", "readiness", "liveness")}
    assert paths <= set(app.openapi()["paths"])


def test_a_pod_is_given_longer_than_it_takes_to_leave(settings):
    pause = CONTAINER["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pause + settings.grace_seconds + settings.drain_seconds < POD["terminationGracePeriodSeconds"]


def test_a_connection_is_not_closed_while_nginx_holds_it_for_the_next_request(settings):
    assert settings.keep_alive_seconds > 60  # nginx's keepalive_timeout of an upstream


def test_the_ingress_lets_through_what_the_server_takes(settings):
    assert int(ANNOTATIONS["nginx.org/client-max-body-size"].removesuffix("m")) << 20 == settings.max_body_bytes
    assert ANNOTATIONS["nginx.org/limit-req-rate"] == f"{settings.max_requests_per_client}r/s"
    assert int(ANNOTATIONS["nginx.org/limit-req-burst"]) == 4 * settings.max_requests_per_client
    patience = settings.header_seconds + settings.body_seconds
    assert seconds(ANNOTATIONS["nginx.org/proxy-read-timeout"]) > patience


def test_no_request_ends_more_than_two_servers_and_files_are_looked_for_on_all():
    pages, files = (part["metadata"]["annotations"] for part in PARTS)
    assert "non_idempotent" in pages["nginx.org/proxy-next-upstream"]
    assert pages["nginx.org/proxy-next-upstream-tries"] == "2"
    assert "nginx.org/keepalive" not in ANNOTATIONS | pages  # on kept connections, tries are not counted
    assert "http_404" in files["nginx.org/proxy-next-upstream"]
    (path,) = PARTS[1]["spec"]["rules"][0]["http"]["paths"]
    assert path["path"] == PREFIX
    assert {each["spec"]["rules"][0]["host"] for each in [named("Ingress"), *PARTS]} == {"digits.example"}


def test_all_that_selects_pods_selects_those_of_the_deployment():
    labels = DEPLOYMENT["spec"]["template"]["metadata"]["labels"]
    selectors = [
        DEPLOYMENT["spec"]["selector"]["matchLabels"],
        named("Service")["spec"]["selector"],
        named("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        named("NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
        *(each["labelSelector"]["matchLabels"] for each in POD["topologySpreadConstraints"]),
    ]
    assert selectors == [labels] * 6
    assert named("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]["name"] == DEPLOYMENT["metadata"]["name"]
    paths = [path for part in PARTS for rule in part["spec"]["rules"] for path in rule["http"]["paths"]]
    assert {path["backend"]["service"]["name"] for path in paths} == {named("Service")["metadata"]["name"]}
