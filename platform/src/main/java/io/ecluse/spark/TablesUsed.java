package io.ecluse.spark;

import io.ecluse.serve.Answer;
import io.ecluse.serve.Ask;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which tables a job has read and written, by what it asked of its run's catalog. Safe for use by
 * several threads.
 */
final class TablesUsed {
  private static final int MOST_JOBS = 256;
  private static final Pattern TABLE = Pattern.compile(".*/namespaces/([^/]+)/tables/([^/]+)/?");

  private final Map<String, Used> jobs =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Used> eldest) {
          return size() > MOST_JOBS;
        }
      };

  private record Used(Set<String> asked, Set<String> written) {}

  /** What is to be told of a job now that this was answered; empty if it is nothing new. */
  synchronized Optional<ObjectNode> seen(String job, Ask ask, Answer answer) {
    Matcher path = TABLE.matcher(ask.path());
    boolean written = ask.method().equals("POST");
    if (answer.status() != 200 || !path.matches() || !(written || ask.method().equals("GET"))) {
      return Optional.empty();
    }
    String table = decoded(path.group(1)) + "." + decoded(path.group(2));
    Used used = jobs.computeIfAbsent(job, j -> new Used(new TreeSet<>(), new TreeSet<>()));
    if (!(written ? used.written() : used.asked()).add(table)) {
      return Optional.empty();
    }
    Set<String> read = new TreeSet<>(used.asked());
    read.removeAll(used.written());
    return Optional.of(
        JsonMapper.shared()
            .createObjectNode()
            .put("reads", String.join(", ", read))
            .put("writes", String.join(", ", used.written())));
  }

  private static String decoded(String word) {
    return URLDecoder.decode(word, StandardCharsets.UTF_8);
  }
}
