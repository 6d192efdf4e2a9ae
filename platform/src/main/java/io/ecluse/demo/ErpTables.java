package io.ecluse.demo;

import io.ecluse.demo.ErpTable.Column;
import io.ecluse.demo.ErpTable.Role;
import io.ecluse.demo.ErpTable.Sensitivity;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The eleven tables of the ERP, read from {@code erp-tables.sql}, the one place that names them.
 */
public final class ErpTables {
  private static final String RESOURCE = "erp-tables.sql";
  private static final Pattern TABLE =
      Pattern.compile("CREATE TABLE (\\w+) \\(\\n([\\s\\S]*?)\\n\\);");
  private static final Pattern COLUMN =
      Pattern.compile(
          "  (\\w+) ((serial|integer|varchar|date|boolean|float)(?:\\((\\d+)\\))?)( PRIMARY KEY)?,?( -- personal)?");

  private final List<ErpTable> tables;

  private ErpTables(List<ErpTable> tables) {
    this.tables = tables;
  }

  /** Reads the definitions from the class path. */
  public static ErpTables read() {
    List<ErpTable> tables = new ArrayList<>();
    Matcher matcher = TABLE.matcher(ddl());
    while (matcher.find()) {
      List<Column> columns = matcher.group(2).lines().map(ErpTables::column).toList();
      tables.add(new ErpTable(matcher.group(1), columns));
    }
    return new ErpTables(List.copyOf(tables));
  }

  /** The statements that make the tables, with comments, as one SQL script. */
  public static String ddl() {
    try (InputStream stream = ErpTables.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw ErrorCode.INTERNAL.error(RESOURCE + " is not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error("Cannot read " + RESOURCE, e);
    }
  }

  /** Names of the tables, in the order of the script. */
  public List<String> names() {
    return tables.stream().map(ErpTable::name).toList();
  }

  List<ErpTable> all() {
    return tables;
  }

  ErpTable table(String name) {
    return tables.stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("The ERP has no table " + name));
  }

  private static Column column(String line) {
    Matcher matcher = COLUMN.matcher(line);
    if (!matcher.matches()) {
      throw ErrorCode.INTERNAL.error("%s: not a column: '%s'".formatted(RESOURCE, line));
    }
    ErpTable.Type type =
        switch (matcher.group(3)) {
          case "serial" -> ErpTable.Type.SERIAL;
          case "integer" -> ErpTable.Type.INTEGER;
          case "varchar" -> ErpTable.Type.TEXT;
          case "date" -> ErpTable.Type.DATE;
          case "boolean" -> ErpTable.Type.BOOLEAN;
          default -> ErpTable.Type.REAL;
        };
    return new Column(
        matcher.group(1),
        matcher.group(2),
        type,
        type == ErpTable.Type.TEXT ? Integer.parseInt(matcher.group(4)) : 0,
        matcher.group(5) == null ? Role.VALUE : Role.KEY,
        matcher.group(6) == null ? Sensitivity.OPEN : Sensitivity.PERSONAL);
  }
}
