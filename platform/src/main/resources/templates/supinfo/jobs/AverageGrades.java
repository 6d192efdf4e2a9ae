import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.sum;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Each student's campus and average, as a Spark job of one's own: the tables of the run are under
 * their plain names, and what is written is tested and published with the run.
 *
 * <p>Takes the name of the table that it makes. To change it, edit this file, then compile it against the jars of a
 * Spark 4.1: those of SPARK_HOME/jars, or what Écluse has fetched into ~/.cache/ecluse/spark/4.1.1/jars:
 *
 * <pre>
 * javac --release 17 -d jobs/classes -cp "$HOME/.cache/ecluse/spark/4.1.1/jars/*" jobs/AverageGrades.java
 * jar --create --file jobs/average_grades.jar -C jobs/classes .
 * </pre>
 */
public final class AverageGrades {
  private AverageGrades() {}

  public static void main(String[] arguments) throws Exception {
    SparkSession spark = SparkSession.builder().getOrCreate();
    Dataset<Row> campuses =
        spark.table("erp.campuses").select(col("id").as("campus_id"), col("name").as("campus"));
    Dataset<Row> averages =
        spark
            .table("erp.grades")
            .groupBy("student_id")
            .agg(
                // a sum of decimals does not depend on the order of rows, as one of doubles does
                sum(col("grade").cast("decimal(9,4)"))
                    .cast("double")
                    .divide(nullif(count(col("grade")), lit(0)))
                    .as("average_grade"));
    spark
        .table("erp.students")
        .join(campuses, "campus_id", "left")
        .join(averages, col("id").equalTo(col("student_id")), "left")
        .select(col("id").as("student_id"), col("campus"), col("average_grade"))
        .orderBy("student_id")
        .writeTo(arguments[0])
        .using("iceberg")
        .createOrReplace();
  }
}
