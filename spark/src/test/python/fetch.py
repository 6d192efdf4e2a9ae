"""Takes what Maven has not out of Spark's package for Python, which is read as it comes: only that is kept.

usage: fetch.py FOLDER     the index is PIP_INDEX_URL, or PyPI's; prints where it is: zips of libraries, bin, jars, python
"""

import hashlib
import json
import os
import re
import shutil
import sys
import tarfile
import tempfile
import urllib.request

VERSION = "4.1.1"
SHA256 = "77f78984aa84fbe865c717dd37b49913b4e5c97d76ef6824f932f1aefa6621ec"
KEPT = [
    (r"lib/(.*\.zip)", r"\1"),
    (r"deps/bin/([^/.]+(?:\.sh)?)", r"bin/\1"),
    (r"deps/jars/((?:spark-repl_|scala-compiler-|jline-3|java-diff-utils-).*)", r"jars/\1"),
    (r"pyspark/shell\.py", "python/pyspark/shell.py"),
]

folder = os.path.join(os.path.abspath(sys.argv[1]), SHA256)
if os.path.isdir(os.path.join(folder, "bin")):
    print(folder)
    sys.exit()

name = "pyspark-" + VERSION + ".tar.gz"
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


def place(path):
    for pattern, there in KEPT:
        found = re.fullmatch(pattern, path)
        if found:
            return found.expand(there)
    return None


os.makedirs(os.path.dirname(folder), exist_ok=True)
draft = tempfile.mkdtemp(dir=os.path.dirname(folder))
with urllib.request.urlopen(url, timeout=60) as package:
    checked = Checked(package)
    with tarfile.open(fileobj=checked, mode="r|gz", bufsize=1 << 20) as tar:
        for member in tar:
            there = place(member.name.partition("/")[2])
            if member.isfile() and there:
                file = os.path.join(draft, there)
                os.makedirs(os.path.dirname(file), exist_ok=True)
                with open(file, "wb") as out:
                    out.write(tar.extractfile(member).read())
                os.chmod(file, member.mode)
    while checked.read(1 << 20):
        pass
if checked.sum.hexdigest() != SHA256:
    shutil.rmtree(draft)
    sys.exit("%s has the checksum %s, not %s" % (url, checked.sum.hexdigest(), SHA256))
shutil.rmtree(folder, ignore_errors=True)
try:
    os.rename(draft, folder)
except OSError:  # another process was faster
    shutil.rmtree(draft)
print(folder)
