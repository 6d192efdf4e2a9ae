package io.ecluse.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs tests of others in a process of its own, and writes down how each ended. */
final class KitRun {
  private KitRun() {}

  /**
   * @param args the file to write to, the classes; {@code -NAME} leaves a method out
   */
  public static void main(String[] args) throws IOException {
    List<String> lines = new ArrayList<>();
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                Arrays.stream(args)
                    .skip(1)
                    .filter(a -> !a.startsWith("-"))
                    .map(DiscoverySelectors::selectClass)
                    .toList())
            .filters(
                (PostDiscoveryFilter)
                    test ->
                        FilterResult.includedIf(
                            test.getSource()
                                .filter(MethodSource.class::isInstance)
                                .map(s -> "-" + ((MethodSource) s).getMethodName())
                                .filter(List.of(args)::contains)
                                .isEmpty()))
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
                  lines.add(result.getStatus() + " " + test.getLegacyReportingName() + " " + why);
                }
              }
            });
    Files.write(Path.of(args[0]), lines, StandardCharsets.UTF_8);
    System.exit(0);
  }
}
