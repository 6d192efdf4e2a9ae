package io.ecluse.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An object for programs; its fields keep their order, what is empty is null. */
final class Fields extends LinkedHashMap<String, @Nullable Object> {
  private static final long serialVersionUID = 1L;

  Fields with(String key, Object value) {
    Object plain = value instanceof Optional<?> o ? o.orElse(null) : value;
    put(key, plain instanceof Instant t ? t.toString() : plain);
    return this;
  }
}
