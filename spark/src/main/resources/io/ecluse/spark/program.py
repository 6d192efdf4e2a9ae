"""Runs a Python file with the Spark that is there: PROGRAM.py JOB FILE FILES ARGUMENTS..."""

import os
import re
import runpy
import sys
import tempfile
import traceback
import urllib.parse
import zipfile

try:
    import pyspark
    from py4j.protocol import Py4JJavaError
    from pyspark import SparkConf, SparkContext
    from pyspark.errors.exceptions.captured import CapturedException
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession
except ImportError as e:
    print(e, file=sys.stderr)
    sys.exit(86)



def local(place):
    return urllib.parse.unquote(urllib.parse.urlparse(place).path) if ":/" in place else place


job, file, files = sys.argv[1], local(sys.argv[2]), [local(f) for f in sys.argv[3].split(",")]
gateway = launch_gateway()
program = gateway.jvm.io.ecluse.spark.PythonProgram
java_session = program.session(job)
if java_session.version().split(".")[:2] != pyspark.__version__.split(".")[:2]:
    print("pyspark is %s, Spark %s" % (pyspark.__version__, java_session.version()), file=sys.stderr)
    sys.exit(86)
java_context = gateway.jvm.org.apache.spark.api.java.JavaSparkContext(java_session.sparkContext())
context = SparkContext(gateway=gateway, jsc=java_context, conf=SparkConf(_jvm=gateway.jvm, _jconf=java_context.getConf()))
context.setJobGroup(job, "Écluse job " + job, True)
SparkSession(context, java_session)
gateway.jvm.org.apache.spark.sql.classic.SparkSession.setActiveSession(java_session)

# modules, here and for executors: under a name of the job's own, as an application is for many
modules = [f for f in files if f.endswith((".py", ".zip"))]
if modules:
    folder = tempfile.mkdtemp(prefix="ecluse-")
    bundle = os.path.join(folder, job + ".zip")
    with zipfile.ZipFile(bundle, "w") as out:
        for module in modules:
            if module.endswith(".zip"):
                with zipfile.ZipFile(module) as inner:
                    for name in inner.namelist():
                        out.writestr(name, inner.read(name))
            else:
                out.write(module, os.path.basename(module))
    # addPyFile would put it where sessions of their own do not look
    java_session.sql("ADD FILE '%s'" % bundle)
    context._python_includes.append(os.path.basename(bundle))
    sys.path.insert(1, bundle)



def said(e):
    """Why a module or a name was not found, which tells no value."""
    found = re.findall(r"^((?:ModuleNotFound|Import|Name|Syntax)Error: .*)$", str(e), re.MULTILINE)
    return ": " + found[-1] if found else ""


sys.argv = [file] + sys.argv[4:]
try:
    runpy.run_path(file, run_name="__main__")
except CapturedException as e:
    if e._origin is None:  # of a function that ran elsewhere: its text may hold values
        program.failed(job, "%s in a function of it%s" % (type(e).__name__, said(e)))
    else:
        program.failed(job, e._origin)
    raise
except Py4JJavaError as e:
    program.failed(job, e.java_exception)
    raise
except SyntaxError as e:
    program.failed(job, "%s at line %s of %s" % (type(e).__name__, e.lineno, os.path.basename(str(e.filename))))
    raise
except Exception as e:
    lines = [str(f.lineno) for f in traceback.extract_tb(e.__traceback__) if f.filename == file]
    more = ": " + str(e) if isinstance(e, (ImportError, NameError)) else ""
    program.failed(job, "%s at line %s%s" % (type(e).__name__, ", ".join(lines), more))
    raise
