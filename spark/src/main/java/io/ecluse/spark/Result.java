package io.ecluse.spark;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What is said of a job when it has ended. */
record Result(ObjectNode json) {
  /** It is done, and this many rows came of it. */
  static Result rows(long rows) {
    return new Result(Door.JSON.createObjectNode().put("state", "done").put("rows", rows));
  }

  static Result failed(JobException why) {
    ObjectNode json =
        Door.JSON
            .createObjectNode()
            .put("state", "failed")
            .put("code", why.code().name())
            .put("message", Secrets.hidden(String.valueOf(why.getMessage())));
    why.position().ifPresent(position -> json.put("position", position));
    return new Result(json);
  }

  /** The same with one more number. */
  Result with(String name, long number) {
    return new Result(json.deepCopy().put(name, number));
  }
}
