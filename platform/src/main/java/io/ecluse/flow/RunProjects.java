package io.ecluse.flow;

import io.ecluse.pipeline.Bundle;
import io.ecluse.project.Project;
import io.ecluse.project.ProjectReader;
import io.ecluse.scheduler.Attempt;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The project as each run was started with it, however its files have changed since. Safe for use
 * by several threads.
 */
public final class RunProjects {
  private static final int KEPT = 8;

  private final Supplier<Project> live;
  private final ProjectReader reader;
  private final Function<String, Bundle> bundles;
  private final Map<String, Project> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Project> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * @param live the project as it is now
   * @param bundles finds what runs keep, by its hash
   */
  public RunProjects(
      Supplier<Project> live, ProjectReader reader, Function<String, Bundle> bundles) {
    this.live = live;
    this.reader = reader;
    this.bundles = bundles;
  }

  /**
   * What a task reads; of a run that an older version started, which kept no files, those of now.
   */
  Project of(Attempt context) {
    return context.bundle().map(this::of).orElseGet(live);
  }

  private Project of(String hash) {
    Project now = live.get();
    if (now.bundle().hash().equals(hash)) {
      return now;
    }
    synchronized (known) {
      return known.computeIfAbsent(hash, h -> reader.read(bundles.apply(h), now.folder()));
    }
  }
}
