package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.serve.Answer;
import io.ecluse.serve.Ask;
import io.ecluse.serve.IcebergDoor;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/**
 * Engines of others, by Iceberg's protocol; the door behind it asks who comes and what they may,
 * and says what is wrong in the protocol's own words. A browser's session does not open it.
 */
@RestController
final class IcebergController {
  static final String ROOT = IcebergDoor.ROOT + "/";

  private final IcebergDoor door;

  IcebergController(Platform platform) {
    this.door = platform.others().iceberg();
  }

  @Asks.Nothing
  @RequestMapping(
      value = ROOT + "**",
      method = { // all are said: a HEAD that is not is a page's
        RequestMethod.GET,
        RequestMethod.HEAD,
        RequestMethod.POST,
        RequestMethod.PUT,
        RequestMethod.PATCH,
        RequestMethod.DELETE,
        RequestMethod.OPTIONS
      })
  void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Map<String, String> query = new HashMap<>();
    if (request.getQueryString() != null) { // a form's body has parameters too, which are none here
      request.getParameterMap().forEach((name, values) -> query.put(name, values[0]));
    }
    Map<String, String> headers = new HashMap<>();
    Collections.list(request.getHeaderNames()).forEach(n -> headers.put(n, request.getHeader(n)));
    Answer answer =
        door.answer(
            new Ask(
                request.getMethod(),
                request.getRequestURI(),
                query,
                headers,
                request.getInputStream().readAllBytes()));
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    response.getOutputStream().write(answer.body());
  }
}
