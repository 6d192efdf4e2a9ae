package io.ecluse.decode;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.FileFormat;
import io.ecluse.source.JsonCopy;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Writes the records of a JSON file as lines of texts, one for each value, as it is written there:
 * DuckDB would read a number as a double, and what that cannot hold would be lost. Before each text
 * stands a letter that says whether it is one in the file, too.
 */
final class JsonRows {
  /** Before what the file has in quotes. */
  static final char QUOTED = 's';

  /** Before numbers, booleans, lists and objects. */
  private static final char BARE = 'v';

  /** The longest object that DuckDB reads. */
  private static final int MOST_CHARACTERS = 16 << 20;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // as many languages write them
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .build();

  private final FileDecoder.Input input;
  private final JsonParser parser;
  private final JsonGenerator out;
  private final Runnable check;
  private final List<String> names = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final List<Long> lastSeen = new ArrayList<>();
  private long records;

  private JsonRows(FileDecoder.Input input, JsonParser parser, JsonGenerator out, Runnable check) {
    this.input = input;
    this.parser = parser;
    this.out = out;
    this.check = check;
  }

  /**
   * Writes them.
   *
   * @param check called for each record; may throw
   * @return the names of the columns; the values of the n-th are written as {@link #key} n
   * @throws IOException from reading or writing
   * @throws EcluseException DATA_INVALID, naming the line or the record
   */
  static List<String> write(Reader json, FileDecoder.Input input, Path rows, Runnable check)
      throws IOException {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), afterMark(json));
        OutputStream file = new BufferedOutputStream(Files.newOutputStream(rows), 1 << 16);
        JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), file)) {
      JsonRows reading = new JsonRows(input, parser, out, check);
      reading.write();
      return List.copyOf(reading.names);
    } catch (JacksonIOException e) {
      throw e.getCause();
    }
  }

  /** What comes after a byte order mark, if there is one. */
  private static Reader afterMark(Reader json) throws IOException {
    BufferedReader reader = new BufferedReader(json);
    reader.mark(1);
    if (reader.read() != '\ufeff') {
      reader.reset();
    }
    return reader;
  }

  static String key(int column) {
    return "c" + column;
  }

  private void write() {
    try {
      boolean list = false;
      while (parser.nextToken() != null) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
          record();
        } else if (token == JsonToken.START_ARRAY
            && !list
            && input.format().kind() == FileFormat.Kind.JSON) {
          list = true;
        } else if (token == JsonToken.END_ARRAY) {
          list = false;
        } else {
          throw invalid("values that are no objects have no columns");
        }
      }
    } catch (StreamConstraintsException e) {
      throw invalid("this is nested too deeply, or holds a text or a number that is too long");
    } catch (JacksonIOException e) {
      throw e;
    } catch (JacksonException e) {
      throw invalid("this is not JSON"); // the exception quotes what stands there
    }
  }

  private void record() {
    check.run();
    out.writeStartObject();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      int column = column(parser.currentName());
      if (lastSeen.set(column, records) == records) {
        throw invalid("the key %s is there twice".formatted(names.get(column)));
      }
      JsonToken value = parser.nextToken();
      if (value == JsonToken.VALUE_STRING) {
        out.writeStringProperty(key(column), QUOTED + whole(parser.getString()));
      } else if (value != JsonToken.VALUE_NULL) {
        out.writeStringProperty(key(column), BARE + whole(text(value)));
      }
    }
    out.writeEndObject();
    out.writeRaw('\n');
    records++;
  }

  private int column(String name) {
    if (name.isEmpty()) {
      throw invalid("a key is empty, so there is no name for a column");
    }
    return places.computeIfAbsent(
        name,
        n -> {
          String free = n;
          for (int i = 1; !taken.add(free.toLowerCase(Locale.ROOT)); i++) {
            free = n + "_" + i; // SQL does not tell a from A
          }
          names.add(free);
          lastSeen.add(-1L);
          return names.size() - 1;
        });
  }

  private String text(JsonToken value) {
    if (value.isScalarValue()) {
      return parser.getString();
    }
    BoundedText text = new BoundedText();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      JsonCopy.value(parser, json);
    }
    return text.toString();
  }

  /** A text that ends the reading before it fills the memory. */
  private final class BoundedText extends StringWriter {
    @Override
    public void write(char[] from, int offset, int length) {
      if (getBuffer().length() + length > MOST_CHARACTERS) {
        throw invalid("this is longer than %d bytes".formatted(MOST_CHARACTERS));
      }
      super.write(from, offset, length);
    }
  }

  /** A text that UTF-8 can hold. */
  private String whole(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        if (!pair) {
          throw invalid("this holds half a character, a surrogate without the other");
        }
        i++;
      }
    }
    return text;
  }

  private EcluseException invalid(String why) {
    String where =
        input.format().kind() == FileFormat.Kind.NDJSON
            ? "line " + parser.currentLocation().getLineNr()
            : "record " + (records + 1);
    return ErrorCode.DATA_INVALID.error("%s, %s: %s".formatted(input.name(), where, why));
  }
}
