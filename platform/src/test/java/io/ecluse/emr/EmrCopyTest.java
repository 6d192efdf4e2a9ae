package io.ecluse.emr;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.storage.HdfsServer;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import org.junit.jupiter.api.Test;

class EmrCopyTest {
  @Test
  void copiesBetweenS3AndHdfs() {
    StorageSettings stores = S3Server.shared().settings();
    String bucket = S3Server.shared().newBucket();
    String hdfs = HdfsServer.shared().newLocation();
    try (EmrFixture there = EmrFixture.start(stores, EmrFixture::shell);
        Storage from = Storages.open("s3://" + bucket + "/in", () -> stores);
        Storage to = Storages.open(hdfs, () -> stores);
        Storage back = Storages.open("s3://" + bucket + "/out", () -> stores)) {
      from.write("a/part-1.parquet", new byte[] {1, 2, 3});
      from.write("a/notes.txt", new byte[] {4});
      String cluster = there.ready("run-1");

      require(there, cluster, Step.copy("copy-1", from.location(), hdfs, ".*\\.parquet"));
      require(there, cluster, Step.copy("copy-2", hdfs, back.location(), ".*"));

      assertThat(to.files("")).extracting(f -> f.name()).containsExactly("a/part-1.parquet");
      assertThat(back.read("a/part-1.parquet")).contains(new byte[] {1, 2, 3});
    }
  }

  private static void require(EmrFixture there, String cluster, Step step) {
    String id = there.emr.steps().add(cluster, step, Asked.FOR_THE_FIRST_TIME);
    there.emr.steps().watch(cluster, id, new EmrFixture.Listener()).require();
  }
}
