package io.ecluse.pipeline;

import java.util.List;
import java.util.Locale;

/** What a task does. Who does it is no matter of this package. */
public sealed interface Work {
  /**
   * Reads streams of a source into staging, in one consistent snapshot; no streams means all.
   *
   * @param reading which rows
   */
  record Extract(String source, List<String> streams, Reading reading) implements Work {
    /** Which rows are read. */
    public enum Reading {
      /** As the project says of each stream. */
      AS_PLANNED,
      /** Every row, even of streams that are read by increments. */
      WHOLE,
      /** Those that could not land before, of streams that are read by increments. */
      REJECTED
    }

    public Extract(String source, List<String> streams) {
      this(source, streams, Reading.AS_PLANNED);
    }

    public Extract {
      Checks.name("source of an extract", source);
      streams = List.copyOf(streams);
      streams.forEach(stream -> Checks.name("stream of an extract", stream));
    }

    @Override
    public String label() {
      return source;
    }
  }

  /**
   * Loads the newest batch of a stream into the warehouse. The stream {@link #ALL} means every
   * stream of the newest extract, for sources whose streams are known only by asking them.
   */
  record Load(String source, String stream) implements Work {
    public static final String ALL = "*";

    public Load {
      Checks.name("source of a load", source);
      Checks.name("stream of a load", stream);
    }

    @Override
    public String label() {
      return source + "." + stream;
    }
  }

  /** Builds one model, named {@code schema.table}. */
  record Build(String model) implements Work {
    public Build {
      Checks.name("model of a build", model);
    }

    @Override
    public String label() {
      return model;
    }
  }

  /** Runs the tests of one model, named {@code schema.table}. */
  record Test(String model) implements Work {
    public Test {
      Checks.name("model of a test", model);
    }

    @Override
    public String label() {
      return model;
    }
  }

  /** Runs one free-form audit: a query that must return no row. */
  record Audit(String name) implements Work {
    public Audit {
      Checks.name("name of an audit", name);
    }

    @Override
    public String label() {
      return name;
    }
  }

  /** Makes everything the run wrote visible, at once. */
  record Publish() implements Work {
    @Override
    public String label() {
      return "publish";
    }
  }

  /** Does nothing; a point where edges meet. */
  record Empty() implements Work {
    @Override
    public String label() {
      return "";
    }
  }

  /** The stable lower-case name of this kind of work, as the API and the run store spell it. */
  default String kind() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** What the work is about, for people: a table, a source, an audit. */
  String label();
}
