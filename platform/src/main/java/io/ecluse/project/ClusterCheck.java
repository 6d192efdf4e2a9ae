package io.ecluse.project;

import io.ecluse.error.Nearest;
import io.ecluse.project.ProjectFiles.Part;
import io.ecluse.project.ProjectFiles.SqlPart;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Checks the clusters of a project, and that whoever names one names one that there is. */
final class ClusterCheck {
  private static final String CLUSTERS = "clusters";

  private final ProjectFiles files;
  private final Vocabulary vocabulary;
  private final Problems problems;
  private final Set<String> known = new TreeSet<>();

  ClusterCheck(ProjectFiles files, Vocabulary vocabulary, Problems problems) {
    this.files = files;
    this.vocabulary = vocabulary;
    this.problems = problems;
  }

  void run() {
    Value.Entries settings = files.settings();
    Value.Entries environments = settings.entries("environments");
    Problems.OfFile ofSettings = problems.in(ProjectFiles.SETTINGS);
    known.add(Settings.LOCAL_CLUSTER);
    known.addAll(settings.entries(CLUSTERS).keys().keySet());
    checkClusters(settings, ofSettings);
    for (String name : environments.values().keySet()) {
      known.addAll(environments.entries(name).entries(CLUSTERS).keys().keySet());
      checkClusters(environments.entries(name), ofSettings);
    }
    require(settings, ofSettings);
    environments.values().keySet().forEach(name -> require(environments.entries(name), ofSettings));
    for (Part dag : files.dags().values()) {
      dag.content().ifPresent(content -> requireOfDag(content, problems.in(dag.path())));
    }
    for (SqlPart model : files.models().values()) {
      model.sql().header().ifPresent(header -> require(header, problems.in(model.path())));
    }
  }

  private void checkClusters(Value.Entries settings, Problems.OfFile file) {
    Value.Entries clusters = settings.entries(CLUSTERS);
    for (String name : clusters.values().keySet()) {
      Value.Entries cluster = clusters.entries(name);
      Optional.ofNullable(vocabulary.clusters().get(cluster.text("type", "")))
          .ifPresent(kind -> kind.check(new SourceCheck(cluster, file)));
    }
  }

  private void requireOfDag(Value.Entries dag, Problems.OfFile file) {
    require(dag, file);
    Value.Entries tasks = dag.entries("tasks");
    tasks.values().keySet().forEach(task -> require(tasks.entries(task), file));
  }

  private void require(Value.Entries content, Problems.OfFile file) {
    content
        .text(Compute.CLUSTER)
        .filter(cluster -> !known.contains(cluster.text()))
        .ifPresent(
            cluster ->
                file.error(
                    cluster.at(),
                    "There is no cluster '%s'".formatted(cluster.text()),
                    Nearest.hint(cluster.text(), known)
                        .or(() -> Optional.of("add it under clusters in ecluse.yaml"))));
  }
}
