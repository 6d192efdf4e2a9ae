package io.ecluse.spark;

import io.ecluse.engine.Program;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Programs as jobs ask for them. */
final class ProgramJson {
  private ProgramJson() {}

  static ObjectNode request(Program program) {
    ObjectNode request = JsonMapper.shared().createObjectNode().put("kind", "script");
    ObjectNode script = request.putObject("script");
    switch (program.language()) {
      case SQL -> {
        script.put("sql", program.source());
        request.put("sql", program.source()); // what positions in messages are of
      }
      case PYTHON -> script.put("python", program.source());
      case JAR -> script.put("jar", program.source()).put("class", program.mainClass());
    }
    ArrayNode arguments = script.putArray("arguments");
    program.arguments().forEach(arguments::add);
    ArrayNode packages = script.putArray("packages");
    program.around().packages().forEach(packages::add);
    ArrayNode files = script.putArray("files");
    program.around().files().forEach(files::add);
    ObjectNode settings = request.putObject("settings");
    program.around().settings().forEach(settings::put);
    ObjectNode facts = request.putObject("facts");
    program.facts().forEach(facts::put);
    return request;
  }
}
