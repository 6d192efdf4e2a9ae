package io.ecluse;

import java.util.List;

/**
 * What came of a restore.
 *
 * @param files how many there are
 * @param notes for people: what the backup refers to and does not have
 */
public record Restored(int files, List<String> notes) {
  public Restored {
    notes = List.copyOf(notes);
  }
}
