package io.ecluse.web;

import io.ecluse.Measures;
import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Subject;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What there is to watch, for whoever may see the project; of DAGs, those that the caller may see.
 */
@RestController
@io.swagger.v3.oas.annotations.Hidden
record MetricsController(Platform platform) {
  @GetMapping("/metrics")
  @Asks(value = Action.SEE, of = Subject.Kind.PROJECT)
  ResponseEntity<String> metrics(Caller caller) {
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(Measures.TYPE))
        .body(
            new Measures(platform)
                .text(
                    dag ->
                        platform
                            .policy()
                            .permits(caller, Action.SEE, new Subject(Subject.Kind.DAG, dag))));
  }
}
