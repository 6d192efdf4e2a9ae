package io.ecluse.source;

import io.ecluse.error.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A type of source that somebody else has written. A jar in the project's folder {@code plugins},
 * or on the class path, names its class in {@code META-INF/services/io.ecluse.source.SourceFactory}
 * ({@link java.util.ServiceLoader}), and in {@code META-INF/ecluse-sources.yaml} the type with its
 * settings. docs/new-source.md has an example.
 *
 * <p>Implementations have a constructor without parameters, and are safe for use by several
 * threads.
 */
public interface SourceFactory {
  /** The word for it after {@code type} in {@code sources/NAME.yaml}. */
  String type();

  /**
   * A source, connected to nothing yet. What is wrong with its settings is an EcluseException with
   * INVALID_PROJECT.
   */
  Source open(Opening opening);

  /**
   * What looks at a source before it is read; empty to have it asked for its {@link
   * Source#streams()}, from which {@code ecluse source check} and {@code discover} tell what they
   * can.
   */
  default Optional<SourceInspection> inspection(Opening opening) {
    return Optional.empty();
  }

  /**
   * Whether rows that cannot land are left out, as many as {@link Terms#maxRejected}, and read
   * again when an extract asks for {@link io.ecluse.schema.RowsWanted#REJECTED}.
   */
  default boolean leavesRowsOut() {
    return false;
  }

  /**
   * What a source is opened with.
   *
   * @param name of the source, for {@link Source#name()} and messages
   * @param settings as the project's file has them, secrets resolved; never part of a message
   * @param streams that the project's file names; empty for all that there are
   * @param project the project's folder, from which paths are seen
   * @param stage where an extract leaves its rows, see {@link Landing}
   * @param terms how streams are to be read, as far as the jar's description lets files say it
   */
  record Opening(
      String name,
      Map<String, String> settings,
      List<String> streams,
      Path project,
      Landing.Stage stage,
      Terms terms) {
    /** One that reads everything. */
    public Opening(
        String name,
        Map<String, String> settings,
        List<String> streams,
        Path project,
        Landing.Stage stage) {
      this(name, settings, streams, project, stage, Terms.USUAL);
    }

    public Opening {
      settings = Map.copyOf(settings);
      streams = List.copyOf(streams);
    }

    /** A setting that has to be there. */
    public String setting(String key) {
      return find(key)
          .orElseThrow(
              () ->
                  ErrorCode.INVALID_PROJECT.error(
                      "sources/%s.yaml: settings.%s is missing".formatted(name, key)));
    }

    /** A setting that may be there. */
    public Optional<String> find(String key) {
      return Optional.ofNullable(settings.get(key));
    }

    @Override
    public String toString() {
      return "source " + name;
    }
  }
}
