package io.ecluse.project;

import io.ecluse.schema.TableName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code dashboards/ID.yaml}: tiles on a grid of 12 columns.
 *
 * @param path relative to the project folder
 */
public record DashboardFile(
    String id, String path, Localized title, Localized description, List<Tile> tiles) {

  public DashboardFile {
    tiles = List.copyOf(tiles);
  }

  /**
   * A query and how to draw it.
   *
   * @param reads the tables that the query reads, spelled as the source or model spells itself
   * @param x column of the query that is the axis (of a heat map: its columns)
   * @param y column of the query that is the measure
   * @param series column of the query that tells series apart (of a heat map: its rows)
   * @param xFormat how values of the x column are written
   * @param labels what words of the data, and names of columns, are called; those of the dashboard
   *     are among them
   * @param width in columns of the grid, 1 to 12
   */
  public record Tile(
      String id,
      Localized title,
      Kind kind,
      String query,
      Set<TableName> reads,
      Optional<String> x,
      Optional<String> y,
      Optional<String> series,
      Optional<String> unit,
      Optional<Format> format,
      Optional<AxisFormat> xFormat,
      Map<String, Localized> labels,
      int width,
      Localized note) {
    public Tile {
      reads = Collections.unmodifiableSet(new TreeSet<>(reads));
      labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }
  }

  /** How a tile is drawn. */
  public enum Kind {
    NUMBER,
    BAR,
    STACKED_BAR,
    LINE,
    PIE,
    HEATMAP,
    TABLE,
    SCATTER
  }

  /** How a measure is written. */
  public enum Format {
    INTEGER,
    DECIMAL,
    PERCENT
  }

  /** How a value of an axis is written. */
  public enum AxisFormat {
    INTEGER,
    DECIMAL,
    PERCENT,
    /** 1 is Monday, 7 Sunday; told by name. */
    WEEKDAY
  }
}
