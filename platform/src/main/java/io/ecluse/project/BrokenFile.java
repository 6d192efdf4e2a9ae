package io.ecluse.project;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A file of the project with errors. What it would make is known by name, and stops what depends on
 * it, nothing else.
 *
 * @param name of what the file would make
 * @param path relative to the project folder
 * @param reads tables it reads, as far as they could be made out
 * @param problems the errors; at least one
 */
public record BrokenFile(
    Kind kind, String name, String path, Set<TableName> reads, List<Problem> problems) {
  private static final int SHOWN = 5;

  public BrokenFile {
    reads = Collections.unmodifiableSet(new TreeSet<>(reads));
    problems = List.copyOf(problems);
  }

  /** What a file makes. */
  public enum Kind {
    SOURCE("source"),
    DAG("DAG"),
    MODEL("model"),
    AUDIT("audit"),
    DASHBOARD("dashboard");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As messages call it. */
    public String word() {
      return word;
    }
  }

  /** INVALID_PROJECT for whatever wants to use it: what is wrong and where. */
  public EcluseException error() {
    int count = problems.size();
    String shown =
        problems.stream().limit(SHOWN).map(Problem::toString).collect(Collectors.joining("\n  "));
    String more = count > SHOWN ? "\n  and " + (count - SHOWN) + " more" : "";
    return ErrorCode.INVALID_PROJECT.error(
        "The %s %s cannot be used until its file is mended:\n  %s%s"
            .formatted(kind.word(), name, shown, more));
  }

  /** In one line: the first error, and how many more there are. */
  public String summary() {
    String more = problems.size() > 1 ? " (and %d more)".formatted(problems.size() - 1) : "";
    return problems.get(0) + more;
  }
}
