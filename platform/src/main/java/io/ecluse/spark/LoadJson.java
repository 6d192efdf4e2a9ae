package io.ecluse.spark;

import io.ecluse.engine.BatchFile;
import io.ecluse.engine.Merge;
import io.ecluse.schema.Column;
import io.ecluse.schema.ContentSums;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.Warehouse;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Loads of batches as jobs: the same work is the same JSON, by which it is found again. */
final class LoadJson {
  private LoadJson() {}

  private static ObjectNode load(String kind, StagedTable table, Optional<String> batch) {
    ObjectNode request = of(kind).put("table", table.name().toString());
    batch.ifPresent(b -> request.putObject(JobStore.MARKS).put(Warehouse.BATCH, b));
    return request;
  }

  private static ObjectNode of(String kind) {
    return JsonMapper.shared().createObjectNode().put("kind", kind);
  }

  static ObjectNode fill(StagedTable table, List<BatchFile> parts, Optional<String> batch) {
    ObjectNode request = load("fill", table, batch);
    files(request.putArray("parts"), parts);
    columns(
        request.putArray("columns"), table.columns().stream().map(TableColumn::column).toList());
    return request;
  }

  /**
   * @param mode merge, or append
   */
  static ObjectNode merge(String mode, StagedTable table, Merge merge, Optional<String> batch) {
    ObjectNode request = load("merge", table, batch);
    ObjectNode node = request.putObject("merge").put("mode", mode);
    node.put("versions", merge.versions().name());
    merge.key().forEach(node.putArray("key")::add);
    base(merge).map(TableSnapshot::id).ifPresent(id -> node.put("base", String.valueOf(id)));
    ArrayNode steps = node.putArray("steps");
    for (Merge.Step step : merge.steps()) {
      ObjectNode each = steps.addObject().put("whole", step.whole());
      each.put("at", step.at().truncatedTo(ChronoUnit.MICROS).toString());
      files(each.putArray("rows"), step.rows());
      files(each.putArray("changes"), step.changes());
      columns(each.putArray("columns"), step.columns());
      step.keys().ifPresent(keys -> files(each.putArray("keys"), keys));
    }
    return request;
  }

  /** What is continued; a view that had the name is not. */
  static Optional<TableSnapshot> base(Merge merge) {
    return merge.base().filter(b -> b.view().isEmpty());
  }

  /** What a table comes to. */
  static ObjectNode sums(TableName table) {
    return of("sums").put("table", table.toString());
  }

  /** What files come to, each for itself. */
  static ObjectNode sums(List<Column> columns, List<BatchFile> files) {
    ObjectNode request = of("sums");
    files(request.putArray("files"), files);
    columns(request.putArray("columns"), columns);
    return request;
  }

  /** What a job answered that was asked for sums. */
  static List<ContentSums> sums(JsonNode result) {
    List<ContentSums> all = new ArrayList<>();
    for (JsonNode each : result.path("sums")) {
      Map<String, ContentSums.Sum> sums = new LinkedHashMap<>();
      each.properties()
          .forEach(s -> sums.put(s.getKey(), ContentSums.Sum.parse(s.getValue().asString())));
      all.add(new ContentSums(sums));
    }
    return all;
  }

  static void columns(ArrayNode to, List<Column> columns) {
    columns.forEach(c -> to.addObject().put("name", c.name()).put("type", JobTypes.word(c.type())));
  }

  private static void files(ArrayNode to, List<BatchFile> files) {
    for (BatchFile file : files) {
      boolean here = file.location().startsWith("/");
      ObjectNode each = to.addObject().put("file", (here ? "file://" : "") + file.location());
      file.sha256().ifPresent(sum -> each.put("sha256", sum));
    }
  }
}
