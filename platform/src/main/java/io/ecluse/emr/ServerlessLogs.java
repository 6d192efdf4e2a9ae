package io.ecluse.emr;

import io.ecluse.error.EcluseException;
import io.ecluse.storage.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.emrserverless.model.ConfigurationOverrides;
import software.amazon.awssdk.services.emrserverless.model.JobRun;
import software.amazon.awssdk.services.emrserverless.model.MonitoringConfiguration;
import software.amazon.awssdk.services.emrserverless.model.S3MonitoringConfiguration;

/** The logs of drivers that EMR Serverless leaves in S3, some time after a job run has ended. */
final class ServerlessLogs {
  private final Function<String, Storage> stores;
  private final EmrPace pace;

  /**
   * @param stores opens a location
   */
  ServerlessLogs(Function<String, Storage> stores, EmrPace pace) {
    this.stores = stores;
    this.pace = pace;
  }

  /** The line that tells why a job run failed; waits for it, and not for ever. */
  Optional<String> line(JobRun run) {
    Optional<String> logs =
        Optional.ofNullable(run.configurationOverrides())
            .map(ConfigurationOverrides::monitoringConfiguration)
            .map(MonitoringConfiguration::s3MonitoringConfiguration)
            .map(S3MonitoringConfiguration::logUri);
    if (logs.isEmpty()) {
      return Optional.empty();
    }
    String folder =
        "%s/applications/%s/jobs/%s"
            .formatted(logs.get().replaceFirst("/+$", ""), run.applicationId(), run.jobRunId());
    try (Storage storage = stores.apply(folder)) {
      Patience patience = new Patience(pace.logs());
      for (int looks = 0; ; looks++) {
        List<String> texts = new ArrayList<>();
        for (String name : List.of("SPARK_DRIVER/stderr.gz", "SPARK_DRIVER/stdout.gz")) {
          StepLogs.text(storage, name).ifPresent(texts::add);
        }
        if (!texts.isEmpty() || patience.isOver()) {
          return LogLine.of(texts);
        }
        Patience.pause(pace.pause(looks));
      }
    } catch (EcluseException e) {
      return Optional.of("its log in %s cannot be read: %s".formatted(logs.get(), e.getMessage()));
    }
  }
}
