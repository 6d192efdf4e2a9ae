package io.ecluse.web;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.error.Nearest;
import io.ecluse.project.DashboardFile;
import java.util.List;
import java.util.Optional;

/**
 * What a tile names of its query's columns must be there, once: nothing else is drawn in its place.
 */
final class TileColumns {
  private TileColumns() {}

  /**
   * @throws EcluseException TILE_COLUMN_MISSING with the key of the tile as its field
   */
  static void require(DashboardFile.Tile tile, List<QueryController.ColumnView> columns) {
    List<String> names = columns.stream().map(QueryController.ColumnView::name).toList();
    tile.x().ifPresent(column -> require("x", column, names));
    tile.y().ifPresent(column -> require("y", column, names));
    tile.series().ifPresent(column -> require("series", column, names));
  }

  private static void require(String key, String column, List<String> names) {
    long times = names.stream().filter(column::equalsIgnoreCase).count();
    if (times == 1) {
      return;
    }
    if (times > 1) {
      throw new EcluseException(
          ErrorCode.TILE_COLUMN_MISSING,
          "%s is '%s', but the query has %d columns of that name; name them apart with AS"
              .formatted(key, column, times),
          key);
    }
    Optional<String> near = Nearest.of(column, names);
    throw new EcluseException(
        ErrorCode.TILE_COLUMN_MISSING,
        "%s is '%s', but the query has no such column; it has %s%s"
            .formatted(
                key,
                column,
                String.join(", ", names),
                near.map(n -> " (did you mean %s?)".formatted(n)).orElse("")),
        key);
  }
}
