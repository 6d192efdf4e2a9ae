package io.ecluse.query;

import io.ecluse.access.Caller;
import java.util.Set;

/** People of tests. */
final class Callers {
  private Callers() {}

  static Caller named(String name, String... roles) {
    return new Caller(name, Caller.Means.TOKEN, Set.of(roles));
  }
}
