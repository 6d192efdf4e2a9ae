"""Runs a Python file with the Spark that is there: PROGRAM.py JOB FILE ARGUMENTS..."""

import runpy
import sys

from py4j.protocol import Py4JJavaError
from pyspark import SparkConf, SparkContext
from pyspark.errors.exceptions.captured import CapturedException
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

job, file = sys.argv[1], sys.argv[2]
gateway = launch_gateway()
program = gateway.jvm.io.ecluse.spark.PythonProgram
java_session = program.session(job)
java_context = gateway.jvm.org.apache.spark.api.java.JavaSparkContext(java_session.sparkContext())
context = SparkContext(gateway=gateway, jsc=java_context, conf=SparkConf(_jvm=gateway.jvm, _jconf=java_context.getConf()))
context.setJobGroup(job, "Écluse job " + job, True)
SparkSession(context, java_session)
gateway.jvm.org.apache.spark.sql.classic.SparkSession.setActiveSession(java_session)

sys.argv = sys.argv[2:]
try:
    runpy.run_path(file, run_name="__main__")
except CapturedException as e:
    program.failed(job, e._origin)
    raise
except Py4JJavaError as e:
    program.failed(job, e.java_exception)
    raise
except Exception as e:
    trace = e.__traceback__
    lines = []
    while trace:
        if trace.tb_frame.f_code.co_filename == file:
            lines.append(str(trace.tb_lineno))
        trace = trace.tb_next
    program.failed(job, "%s at line %s" % (type(e).__name__, ", ".join(lines)))
    raise
