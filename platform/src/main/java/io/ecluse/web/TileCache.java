package io.ecluse.web;

import io.ecluse.project.DashboardFile;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.TableSnapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Answers of tiles by query and the snapshots that were read for it, whatever was published
 * meanwhile: what it holds is never stale. Safe for use by several threads.
 */
final class TileCache {
  private static final int KEPT = 256;
  private final Map<String, DashboardController.TileData> answers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<String, DashboardController.TileData> eldest) {
          return size() > KEPT;
        }
      };

  synchronized Optional<DashboardController.TileData> find(
      DashboardFile.Tile tile, Map<TableName, TableSnapshot> tables) {
    return Optional.ofNullable(answers.get(key(tile, tables)));
  }

  synchronized void keep(
      DashboardFile.Tile tile,
      Map<TableName, TableSnapshot> tables,
      DashboardController.TileData data) {
    answers.put(key(tile, tables), data);
  }

  private static String key(DashboardFile.Tile tile, Map<TableName, TableSnapshot> tables) {
    StringBuilder key = new StringBuilder(tile.query());
    new TreeMap<>(tables)
        .forEach((t, s) -> key.append('\u0000').append(t).append('@').append(s.id()));
    return key.toString();
  }
}
