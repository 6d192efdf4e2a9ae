package io.ecluse.project;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Text to {@link Yaml}. Built from parser events with a stack of its own, not by the library's
 * composer, because that recurses without limit and follows aliases; here both are refused where
 * they stand.
 */
final class YamlReader {
  private static final int DEEPEST = 40;
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();

  private final Problems.OfFile problems;
  private final Deque<Open> open = new ArrayDeque<>();
  private @Nullable Yaml root;
  private int documents;

  private YamlReader(Problems.OfFile problems) {
    this.problems = problems;
  }

  /** The document, or empty if there is none or it is broken, which is then reported. */
  static Optional<Yaml> read(String text, Problems.OfFile problems) {
    YamlReader reader = new YamlReader(problems);
    try {
      for (Event event : new Parse(SETTINGS).parseString(text)) {
        if (!reader.accept(event)) {
          return Optional.empty();
        }
      }
    } catch (MarkedYamlEngineException e) {
      YamlMistake mistake = YamlMistake.of(e);
      problems.error(
          mistake.mark().map(YamlReader::at).orElse(Position.START),
          mistake.message(),
          mistake.hint());
      return Optional.empty();
    } catch (YamlEngineException e) {
      problems.error(
          Position.START, "This is not YAML: " + firstLine(String.valueOf(e.getMessage())));
      return Optional.empty();
    }
    return Optional.ofNullable(reader.root);
  }

  private boolean accept(Event event) {
    Position at = event.getStartMark().map(YamlReader::at).orElse(Position.START);
    if (event instanceof DocumentStartEvent && ++documents > 1) {
      problems.error(at, "A second document starts here", "keep one document per file");
      return false;
    }
    if (event instanceof AliasEvent
        || event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      problems.error(
          at,
          "Anchors (&name) and aliases (*name) are not allowed",
          "write the value out, or quote it if it is text");
      return false;
    }
    if (event instanceof ScalarEvent scalar) {
      boolean plain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
      String text = scalar.getValue();
      return tagAllowed(scalar.getTag(), at)
          && add(plain ? Yaml.Scalar.plain(at, text) : Yaml.Scalar.quoted(at, text));
    } else if (event instanceof CollectionStartEvent start) {
      return tagAllowed(start.getTag(), at) && open(start, at);
    } else if (event instanceof CollectionEndEvent) {
      return add(open.pop().close());
    }
    return true;
  }

  private boolean open(CollectionStartEvent start, Position at) {
    if (open.size() >= DEEPEST) {
      problems.error(at, "This is nested deeper than " + DEEPEST + " levels");
      return false;
    }
    open.push(new Open(at, start instanceof SequenceStartEvent));
    return true;
  }

  private boolean tagAllowed(Optional<String> tag, Position at) {
    if (tag.isPresent()) {
      problems.error(
          at, "Tags are not allowed, but here is " + tag.get(), "quote the value if it is text");
    }
    return tag.isEmpty();
  }

  private boolean add(Yaml value) {
    Open parent = open.peek();
    if (parent == null) {
      root = value;
      return true;
    }
    if (parent.sequence || parent.key != null) {
      parent.add(value);
      return true;
    }
    if (value instanceof Yaml.Scalar key) {
      parent.key = key;
      return true;
    }
    problems.error(value.at(), "A key must be text, but here is " + value.found());
    return false;
  }

  private static Position at(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  /** A list or map that has not ended yet. */
  private static final class Open {
    private final Position at;
    private final boolean sequence;
    private final List<Yaml> items = new ArrayList<>();
    private final List<Yaml.Entry> entries = new ArrayList<>();
    private Yaml.@Nullable Scalar key;

    private Open(Position at, boolean sequence) {
      this.at = at;
      this.sequence = sequence;
    }

    private void add(Yaml value) {
      Yaml.Scalar name = key;
      if (name == null) {
        items.add(value);
      } else {
        entries.add(new Yaml.Entry(name, value));
        key = null;
      }
    }

    private Yaml close() {
      return sequence ? new Yaml.Items(at, items) : new Yaml.Entries(at, entries);
    }
  }
}
