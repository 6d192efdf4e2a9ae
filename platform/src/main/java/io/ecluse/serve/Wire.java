package io.ecluse.serve;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.rest.RESTRequest;
import org.apache.iceberg.rest.RESTResponse;
import org.apache.iceberg.rest.RESTSerializers;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.apache.iceberg.rest.responses.ErrorResponseParser;

/** Iceberg's messages as JSON, by the words that its own library has for them. */
final class Wire {
  static final Map<String, String> JSON_TYPE = Map.of("Content-Type", "application/json");

  private static final ObjectMapper JSON = mapper();

  private Wire() {}

  private static ObjectMapper mapper() {
    ObjectMapper mapper = new ObjectMapper();
    mapper.setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY);
    mapper.configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    mapper.setPropertyNamingStrategy(PropertyNamingStrategies.KebabCaseStrategy.INSTANCE);
    RESTSerializers.registerAll(mapper);
    return mapper;
  }

  /** What was sent. */
  static <T extends RESTRequest> T read(Ask ask, Class<T> type) {
    try {
      JsonNode body = JSON.readTree(ask.body());
      if (!body.isObject()) { // the parsers take some of the others for an empty one
        throw new IOException("it is no JSON object");
      }
      T request = JSON.treeToValue(body, type);
      Objects.requireNonNull(request, "no body").validate();
      return request;
    } catch (IOException | NullPointerException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw ErrorCode.INVALID_USAGE.error(
          "The request's body is no %s of Iceberg's REST catalog: %s"
              .formatted(type.getSimpleName(), first(String.valueOf(reason.getMessage()))),
          e);
    }
  }

  private static String first(String text) {
    return text.lines().findFirst().orElse("it is empty");
  }

  static Answer ok(RESTResponse response) {
    return json(200, response);
  }

  private static Answer json(int status, Object body) {
    try {
      return new Answer(
          status, JSON_TYPE, JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Answer error(int status, String type, String message) {
    ErrorResponse body =
        ErrorResponse.builder().responseCode(status).withType(type).withMessage(message).build();
    return new Answer(
        status, JSON_TYPE, ErrorResponseParser.toJson(body).getBytes(StandardCharsets.UTF_8));
  }
}
