package io.ecluse.source;

import io.ecluse.error.EcluseException;
import java.util.function.Consumer;

/** Hears what a look finds out, one {@link Finding} after the other. */
@FunctionalInterface
public interface FindingListener extends Consumer<Finding> {
  default void ok(String check, String found) {
    accept(Finding.ok(check, found));
  }

  default void note(String check, String found, String... remedy) {
    accept(Finding.note(check, found, remedy));
  }

  default void problem(String check, String found, String... remedy) {
    accept(Finding.problem(check, found, remedy));
  }

  default void unreachable(String check, String found, String... remedy) {
    accept(Finding.unreachable(check, found, remedy));
  }

  /** What an extract would fail with. */
  default void failed(String check, EcluseException e, String... remedy) {
    accept(Finding.failed(check, e, remedy));
  }
}
