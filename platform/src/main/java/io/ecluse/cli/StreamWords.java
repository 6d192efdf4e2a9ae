package io.ecluse.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Parameters;

/** Which streams of which source. */
final class StreamWords {
  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description = "name of a file in sources/, without .yaml")
  private String source = "";

  @Parameters(index = "1..*", paramLabel = "STREAM", description = "which streams (default: all)")
  private List<String> streams = new ArrayList<>();

  String source() {
    return source;
  }

  /** Empty for all. */
  List<String> streams() {
    return streams;
  }

  /** A command on the same streams. */
  String[] after(String verb) {
    return Stream.concat(Stream.of(verb, source), streams.stream()).toArray(String[]::new);
  }
}
