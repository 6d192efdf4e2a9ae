"""Takes Spark's libraries for Python out of its package, which is read as it comes: only these are kept.

usage: fetch.py VERSION SHA256 FOLDER     the index is PIP_INDEX_URL, or PyPI's
"""

import hashlib
import json
import os
import sys
import tarfile
import urllib.request

version, sha256, folder = sys.argv[1:]
name = "pyspark-" + version + ".tar.gz"
index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
ask = urllib.request.Request(
    index + "/pyspark/", headers={"Accept": "application/vnd.pypi.simple.v1+json"}
)
with urllib.request.urlopen(ask, timeout=30) as answer:
    files = json.load(answer)["files"]
url = next(f["url"] for f in files if f["filename"] == name)


class Checked:
    """What is read, and its checksum."""

    def __init__(self, source):
        self.source = source
        self.sum = hashlib.sha256()

    def read(self, size):
        data = self.source.read(size)
        self.sum.update(data)
        return data


os.makedirs(folder, exist_ok=True)
kept = []
with urllib.request.urlopen(url, timeout=60) as package:
    checked = Checked(package)
    with tarfile.open(fileobj=checked, mode="r|gz", bufsize=1 << 20) as tar:
        for member in tar:
            path = member.name.split("/")
            if path[1:2] == ["lib"] and member.name.endswith(".zip"):
                draft = os.path.join(folder, path[-1] + ".draft")
                with open(draft, "wb") as out:
                    out.write(tar.extractfile(member).read())
                kept.append(draft)
    while checked.read(1 << 20):
        pass
if checked.sum.hexdigest() != sha256:
    sys.exit("%s has the checksum %s, not %s" % (url, checked.sum.hexdigest(), sha256))
for draft in kept:
    os.replace(draft, draft[: -len(".draft")])
