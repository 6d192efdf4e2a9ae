import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Spark with settings, and statements whose rows are printed: {@code KEY=VALUE… -- STATEMENT…}. */
public final class Statements {
  public static void main(String[] args) throws Exception {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2");
    int next = 0;
    for (; !args[next].equals("--"); next++) {
      builder.config(
          args[next].substring(0, args[next].indexOf('=')),
          args[next].substring(args[next].indexOf('=') + 1));
    }
    try (SparkSession spark = builder.getOrCreate()) {
      while (++next < args.length) {
        for (Row row : spark.sql(args[next]).collectAsList()) {
          System.out.println("ROW " + row);
        }
      }
    }
  }
}
