package io.ecluse.source.jdbc;

import io.ecluse.source.SilentListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what an extract said. */
class Lines extends SilentListener {
  final List<String> said = new CopyOnWriteArrayList<>();

  @Override
  public void log(String line) {
    said.add(line);
  }
}
