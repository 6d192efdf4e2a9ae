package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LastWordsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          java.lang.OutOfMemoryError: Java heap space | OUT_OF_MEMORY | memory
          ERROR StandaloneSchedulerBackend: Application has been killed. Reason: All masters are unresponsive! Giving up. | CLUSTER_UNREACHABLE | clusters.big
          Caused by: java.io.InvalidClassException: org.apache.spark.rdd.RDD; local class incompatible | SPARK_UNFIT | Spark 4.1.x
          Failed to submit application_1 to YARN : Application application_1 submitted by user root to unknown queue: nightly | CLUSTER_REFUSED | queue
          Exception in thread "main" java.lang.IllegalArgumentException: Required executor memory (9000 MB) is above the max threshold (4096 MB) of this cluster | CLUSTER_REFUSED | executor_memory
          org.apache.hadoop.security.AccessControlException: Client cannot authenticate via:[TOKEN, KERBEROS] | CLUSTER_REFUSED | sign in
          Application application_1_0001 was killed by user ada at 10.0.0.7 | CLUSTER_LOST | ask who
          software.amazon.awssdk.services.s3.model.S3Exception: The provided token has expired. (Service: S3, Status Code: 400) | STORAGE_REFUSED | role
          Exception in thread "main" java.lang.IllegalStateException: no | CLUSTER_LOST | said last
          """)
  void tellsTheLineThatMattersAndWhatToDo(String line, ErrorCode code, String advice)
      throws IOException {
    Path log = folder.resolve("x.log");
    Files.writeString(log, "INFO begins\n" + line + "\nINFO ends\n");

    EcluseException why = LastWords.of("big", log);

    assertThat(why.code()).isEqualTo(code);
    assertThat(why).hasMessageContaining(line).hasMessageContaining(advice);
  }
}
