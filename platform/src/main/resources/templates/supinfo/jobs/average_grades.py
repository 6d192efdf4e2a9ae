"""Each student's campus and average, as a Spark job of one's own.

The tables of the run are under their plain names, and what is written is tested and published with the run.
Takes the name of the table that it makes.
"""

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

spark = SparkSession.builder.getOrCreate()
campuses = spark.table("erp.campuses").select(f.col("id").alias("campus_id"), f.col("name").alias("campus"))
# a sum of decimals does not depend on the order of rows, as one of doubles does
total = f.sum(f.col("grade").cast("decimal(9,4)")).cast("double")
averages = (
    spark.table("erp.grades")
    .groupBy("student_id")
    .agg((total / f.nullif(f.count("grade"), f.lit(0))).alias("average_grade"))
)
(
    spark.table("erp.students")
    .join(campuses, "campus_id", "left")
    .join(averages, f.col("id") == f.col("student_id"), "left")
    .select(f.col("id").alias("student_id"), "campus", "average_grade")
    .orderBy("student_id")
    .writeTo(sys.argv[1])
    .using("iceberg")
    .createOrReplace()
)
