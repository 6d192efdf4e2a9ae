package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.util.Map;
import java.util.Optional;

/**
 * What was published at one moment, by name: for a job elsewhere that asks for its tables one by
 * one, and is to read them all as of that moment.
 *
 * @param files where the metadata of tables is, also of those that a view hides
 * @param views numbers of views
 */
public record Moment(Map<String, String> files, Map<String, Long> views) {
  public Moment {
    files = Map.copyOf(files);
    views = Map.copyOf(views);
  }

  CatalogRows.Base of(TableName name) {
    return new CatalogRows.Base(
        Optional.ofNullable(files.get(name.toString())),
        Optional.ofNullable(views.get(name.toString())));
  }
}
