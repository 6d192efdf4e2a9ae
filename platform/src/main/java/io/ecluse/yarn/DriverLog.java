package io.ecluse.yarn;

import io.ecluse.disk.Folders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.ContainerId;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.logaggregation.ContainerLogsRequest;
import org.apache.hadoop.yarn.logaggregation.LogCLIHelpers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the driver of an application that has ended printed, as YARN gathers it shortly after. Of a
 * cluster that gathers nothing, the last lines are in what YARN says of the application.
 */
final class DriverLog {
  private static final Logger LOG = LoggerFactory.getLogger(DriverLog.class);
  private static final long MOST = 256 << 10;
  private static final int TRIES = 8;
  private static final long BETWEEN_TRIES = 1_000;

  private final Yarn yarn;

  DriverLog(Yarn yarn) {
    this.yarn = yarn;
  }

  /** Adds it to a file, if it comes in time. */
  void append(ApplicationReport report, Path file) {
    boolean gathers =
        yarn.configuration().getBoolean(YarnConfiguration.LOG_AGGREGATION_ENABLED, false);
    try {
      for (int i = 0; gathers && i < TRIES; i++) {
        Thread.sleep(BETWEEN_TRIES);
        if (fetched(report, file)) {
          return;
        }
      }
    } catch (IOException e) {
      LOG.warn(
          "What the driver of {} printed cannot be read: {}",
          report.getApplicationId(),
          e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean fetched(ApplicationReport report, Path file) throws IOException {
    Path folder = Files.createTempDirectory("ecluse-yarn-");
    try {
      ContainerLogsRequest request = new ContainerLogsRequest();
      request.setAppId(report.getApplicationId());
      request.setContainerId(
          ContainerId.newContainerId(report.getCurrentApplicationAttemptId(), 1).toString());
      request.setAppOwner(report.getUser());
      request.setAppFinished(true);
      request.setLogTypes(Set.of("stderr", "stdout"));
      request.setBytes(-MOST);
      request.setOutputLocalDir(folder.toString());
      LogCLIHelpers logs = new LogCLIHelpers();
      logs.setConf(yarn.configuration());
      logs.dumpAContainerLogsForLogTypeWithoutNodeId(request);
      List<Path> found;
      try (Stream<Path> files = Files.walk(folder)) {
        found = files.filter(Files::isRegularFile).sorted().toList();
      }
      for (Path each : found) {
        Files.writeString(
            file,
            Files.readString(each, StandardCharsets.UTF_8),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      }
      return !found.isEmpty();
    } finally {
      Folders.delete(folder);
    }
  }
}
