package io.ecluse;

import io.ecluse.engine.EngineSettings;
import io.ecluse.project.Settings;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;

/** What a project lets an engine use of this machine. */
final class EngineLimits {
  private static final long SPILL_BYTES = 16L << 30;

  private EngineLimits() {}

  static EngineSettings of(Settings settings, Path spill, List<Path> data) {
    long machine =
        ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getTotalMemorySize();
    return new EngineSettings(
        settings.query().memoryLimit(machine),
        settings.query().threads(Runtime.getRuntime().availableProcessors()),
        spill,
        SPILL_BYTES,
        data);
  }
}
