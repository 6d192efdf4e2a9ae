package io.ecluse.cli;

import io.ecluse.engine.RowReader;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** Prints the rows of a query. */
abstract class RowWriter implements RowReader {
  protected final PrintWriter out;
  protected List<String> names = List.of();

  RowWriter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void columns(List<String> names, List<String> types) {
    this.names = List.copyOf(names);
  }

  /** Called once, after the last row. */
  abstract void end();

  static String text(Object value) {
    if (value instanceof List<?> || value instanceof Map<?, ?>) {
      return JsonMapper.shared().writeValueAsString(Json.plain(value));
    }
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
  }

  /** RFC 4180; NULL is empty, an empty text is quoted. */
  static final class Csv extends RowWriter {
    Csv(PrintWriter out) {
      super(out);
    }

    @Override
    public void columns(List<String> names, List<String> types) {
      super.columns(names, types);
      out.println(String.join(",", names.stream().map(Csv::quoted).toList()));
    }

    @Override
    public boolean row(Object[] values) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < values.length; i++) {
        line.append(i == 0 ? "" : ",");
        if (values[i] != null) {
          line.append(quoted(text(values[i])));
        }
      }
      out.println(line);
      return true;
    }

    private static String quoted(String text) {
      boolean plain =
          !text.isEmpty()
              && text.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
      return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }

    @Override
    void end() {}
  }

  /**
   * An array of objects, one a line. Numbers are numbers with all their digits, lists and structs
   * are JSON; the second column of a name becomes {@code name_1}, as the engine has it.
   */
  static final class Json extends RowWriter {
    private boolean first = true;

    Json(PrintWriter out) {
      super(out);
    }

    @Override
    public void columns(List<String> given, List<String> types) {
      Set<String> distinct = new LinkedHashSet<>();
      for (String name : given) {
        String free = name;
        for (int i = 1; distinct.contains(free) || (i > 1 && given.contains(free)); i++) {
          free = name + "_" + i;
        }
        distinct.add(free);
      }
      super.columns(List.copyOf(distinct), types);
    }

    @Override
    public boolean row(Object[] values) {
      Map<String, Object> object = new LinkedHashMap<>();
      for (int i = 0; i < values.length; i++) {
        object.put(names.get(i), plain(values[i]));
      }
      out.print(first ? "[\n" : ",\n");
      out.print(JsonMapper.shared().writeValueAsString(object));
      first = false;
      return true;
    }

    private static Object plain(Object value) {
      if (value instanceof List<?> list) {
        List<Object> values = new ArrayList<>();
        list.forEach(v -> values.add(plain(v)));
        return values;
      } else if (value instanceof Map<?, ?> map) {
        Map<String, Object> values = new LinkedHashMap<>();
        map.forEach((k, v) -> values.put(String.valueOf(k), plain(v)));
        return values;
      }
      boolean same = value == null || value instanceof Number || value instanceof Boolean;
      boolean finite =
          !(value instanceof Double d && !Double.isFinite(d))
              && !(value instanceof Float f && !Float.isFinite(f));
      return same && finite ? value : text(value);
    }

    @Override
    void end() {
      out.println(first ? "[]" : "\n]");
    }
  }

  /** Columns side by side; stops at a number of rows, and says so. */
  static final class Table extends RowWriter {
    private final int most;
    private final List<List<String>> rows = new ArrayList<>();
    private boolean more;

    Table(PrintWriter out, int most) {
      super(out);
      this.most = most;
    }

    @Override
    public boolean row(Object[] values) {
      if (rows.size() == most) {
        more = true;
        return false;
      }
      List<String> row = new ArrayList<>();
      for (Object value : values) {
        row.add(value == null ? "" : text(value).replace('\n', ' '));
      }
      rows.add(row);
      return true;
    }

    @Override
    void end() {
      Output.table(out, names, rows);
      out.printf(
          "(%d rows%s)%n",
          rows.size(), more ? ", and more: use --format csv, or LIMIT, for the rest" : "");
    }
  }
}
