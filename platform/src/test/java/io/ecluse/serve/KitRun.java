package io.ecluse.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs tests of others in a process of its own, and writes down how each ended. */
final class KitRun {
  private KitRun() {}

  /** What a line begins with. */
  enum Ended {
    SUCCESSFUL,
    ABORTED,
    FAILED
  }

  /**
   * @param args the file to write to; then the classes, or {@code Class#method}
   */
  public static void main(String[] args) throws IOException {
    List<String> lines = new ArrayList<>();
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                Arrays.stream(args)
                    .skip(1)
                    .map(
                        a ->
                            a.contains("#")
                                ? DiscoverySelectors.selectMethod(a)
                                : DiscoverySelectors.selectClass(a))
                    .toList())
            .build();
    LauncherFactory.create()
        .execute(
            request,
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                String why =
                    result
                        .getThrowable()
                        .map(t -> String.valueOf(t).replaceAll("\\s+", " "))
                        .orElse("");
                if (test.isTest() || !why.isEmpty()) {
                  lines.add(result.getStatus() + " " + test.getDisplayName() + " " + why);
                }
                if (System.getProperty("kit.trace") != null) {
                  result.getThrowable().ifPresent(t -> t.printStackTrace());
                }
              }
            });
    Files.write(Path.of(args[0]), lines, StandardCharsets.UTF_8);
    System.exit(0);
  }
}
