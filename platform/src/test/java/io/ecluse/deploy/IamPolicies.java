package io.ecluse.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What policies of a role allow, by the rules of Amazon's own evaluation for one account: a deny
 * goes before every allow, and what nothing allows is denied.
 *
 * @param statements of all policies of a role
 */
record IamPolicies(List<JsonNode> statements) {
  /**
   * @param action as s3:GetObject
   * @param resource its ARN, or * for actions that know none
   * @param context keys that the request carries, as tags
   */
  record Request(String action, String resource, Map<String, String> context) {}

  static IamPolicies of(List<String> documents) {
    List<JsonNode> statements = new ArrayList<>();
    for (String document : documents) {
      JsonNode told = Terraform.JSON.readTree(document).path("Statement");
      if (told.isArray()) {
        told.forEach(statements::add);
      } else {
        statements.add(told);
      }
    }
    return new IamPolicies(List.copyOf(statements));
  }

  boolean allow(Request request) {
    return says("Allow", request) && !says("Deny", request);
  }

  private boolean says(String effect, Request request) {
    return statements.stream()
        .filter(s -> s.path("Effect").asString().equals(effect))
        .anyMatch(s -> fits(s, request));
  }

  private static boolean fits(JsonNode statement, Request request) {
    if (statement.has("NotAction") || statement.has("NotResource")) {
      throw new AssertionError("Nobody evaluates this here: " + statement);
    }
    return texts(statement.path("Action")).stream()
            .anyMatch(a -> like(a, request.action(), Pattern.CASE_INSENSITIVE))
        && texts(statement.path("Resource")).stream().anyMatch(r -> like(r, request.resource(), 0))
        && statement.path("Condition").properties().stream()
            .allMatch(operator -> holds(operator.getKey(), operator.getValue(), request));
  }

  private static boolean holds(String operator, JsonNode keys, Request request) {
    return keys.properties().stream()
        .allMatch(
            key -> {
              Optional<String> value = Optional.ofNullable(request.context().get(key.getKey()));
              return value
                  .filter(
                      v ->
                          texts(key.getValue()).stream()
                              .anyMatch(wanted -> compare(operator, wanted, v)))
                  .isPresent();
            });
  }

  private static boolean compare(String operator, String wanted, String value) {
    return switch (operator) {
      case "StringEquals" -> wanted.equals(value);
      case "StringLike" -> like(wanted, value, 0);
      case "Bool" -> wanted.equalsIgnoreCase(value);
      case "NumericLessThan" -> Double.parseDouble(value) < Double.parseDouble(wanted);
      default -> throw new AssertionError("Nobody evaluates this here: " + operator);
    };
  }

  private static boolean like(String pattern, String text, int flags) {
    String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
    return Pattern.compile(regex, flags | Pattern.DOTALL).matcher(text).matches();
  }

  static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(n -> texts.add(n.asString()));
    } else if (!node.isMissingNode()) {
      texts.add(node.asString());
    }
    return texts;
  }
}
