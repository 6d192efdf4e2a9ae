package io.ecluse.warehouse;

import io.ecluse.error.ErrorCode;
import io.ecluse.storage.Followed;
import io.ecluse.storage.Owner;
import java.util.Optional;
import java.util.function.Function;

/** Where the tables are in the eyes of this process. */
final class Sites extends Followed<Site> {
  private volatile Optional<Home> home = Optional.empty();

  /**
   * @param opener of a place that the database tells; empty if nobody can
   */
  Sites(Site first, Function<String, Optional<Site>> opener) {
    super(
        Owner.Kind.WAREHOUSE,
        first,
        to ->
            opener
                .apply(to)
                .orElseThrow(
                    () ->
                        ErrorCode.WAREHOUSE_MOVED.error(
                            "The tables were taken from %s to %s; start again what works on them"
                                .formatted(first.places().here(), to))));
  }

  void settle(Home place) {
    home = Optional.of(place);
    at(
        site -> {
          site.settle(place);
          return site;
        });
    warn();
  }

  /** Where the catalog is, once it is settled. */
  Home home() {
    return home.orElseThrow();
  }

  @Override
  protected void begin(Site next) {
    home.ifPresent(next::settle);
  }
}
