"""The page /docs needs no other host, and its policy allows one script."""

import base64
import hashlib
import re


def test_the_docs_load_nothing_from_another_host(client):
    page = client.get("/docs").text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        assert client.get(path).status_code == 200, path


def test_the_docs_lead_back_to_the_page(client):
    assert '<a href=".">Back to Inkscope</a>' in client.get("/docs").text


def test_the_docs_run_no_script_but_files_and_the_one_that_their_policy_names(client):
    reply = client.get("/docs")
    assert client.head("/docs").status_code == 200
    scripts = re.findall(r"<script>(.*?)</script>", reply.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert len(scripts) == 1
    assert f"script-src 'self' 'sha256-{digest}';" in reply.headers["content-security-policy"]
    for path in re.findall(r'(?:src|href)="([^"]+)"', reply.text):
        assert client.get(f"/{path}").status_code == 200, path
