package io.ecluse.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A real API server, which somebody has started and left its address and tokens in a folder. */
record RealApiServer(Path folder) implements ApiServer {
  @Override
  public String url() {
    try {
      return Files.readString(folder.resolve("url")).strip();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String namespace() {
    return "school";
  }

  @Override
  public Path token(String who) {
    return folder.resolve(who + ".token");
  }

  @Override
  public Optional<Path> ca() {
    return Optional.of(folder.resolve("ca.crt"));
  }

  @Override
  public void close() {
    // whoever has started it ends it
  }
}
