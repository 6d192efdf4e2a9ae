package io.ecluse.emr;

import io.ecluse.error.EcluseException;
import io.ecluse.storage.Storage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * The logs that EMR leaves in S3, some minutes after a step has ended: of the step, which is the
 * submission, and of the driver, which YARN keeps by its application.
 */
final class StepLogs {
  private static final int READ = 4 << 20;
  private static final Pattern APPLICATION = Pattern.compile("application_[0-9]+_[0-9]+");
  private static final Pattern DRIVER =
      Pattern.compile(".*/container_(e[0-9]+_)?[0-9]+_[0-9]+_[0-9]+_000001/std(err|out)(\\.gz)?");

  private final Function<String, Storage> stores;
  private final EmrPace pace;

  /**
   * @param stores opens a location
   */
  StepLogs(Function<String, Storage> stores, EmrPace pace) {
    this.stores = stores;
    this.pace = pace;
  }

  /** The line that tells why a step failed; waits for it, and not for ever. */
  Optional<String> line(Optional<String> logs, String cluster, String step) {
    if (logs.isEmpty()) {
      return Optional.empty();
    }
    try (Storage storage = stores.apply(logs.get().replaceFirst("/+$", "") + "/" + cluster)) {
      Patience patience = new Patience(pace.logs());
      Optional<Patience> soon = Optional.empty();
      for (int looks = 0; ; looks++) {
        List<String> texts = texts(storage, step);
        boolean whole = !texts.isEmpty() && hasDriver(texts);
        if (!whole && !texts.isEmpty() && soon.isEmpty()) {
          soon = Optional.of(new Patience(pace.settle()));
        }
        if (whole || patience.isOver() || soon.filter(Patience::isOver).isPresent()) {
          return LogLine.of(texts);
        }
        Patience.pause(pace.pause(looks));
      }
    } catch (EcluseException e) {
      return Optional.of("its log in %s cannot be read: %s".formatted(logs.get(), e.getMessage()));
    }
  }

  /** The driver's log may come after that of its step, or never. */
  private static boolean hasDriver(List<String> texts) {
    return texts.size() > 2 || !APPLICATION.matcher(texts.get(0)).find();
  }

  private static List<String> texts(Storage storage, String step) {
    List<String> texts = new ArrayList<>();
    Optional<String> err = text(storage, "steps/%s/stderr.gz".formatted(step));
    err.ifPresent(
        text -> {
          Matcher application = APPLICATION.matcher(text);
          if (application.find()) {
            storage.files("containers/" + application.group()).stream()
                .filter(file -> DRIVER.matcher(file.name()).matches())
                .flatMap(file -> text(storage, file.name()).stream())
                .forEach(texts::add);
          }
          texts.add(text);
        });
    text(storage, "steps/%s/stdout.gz".formatted(step)).ifPresent(texts::add);
    return err.isPresent() ? texts : List.of();
  }

  static Optional<String> text(Storage storage, String name) {
    return storage
        .read(name)
        .map(
            bytes -> {
              try (GZIPInputStream zip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return new String(zip.readNBytes(READ), StandardCharsets.UTF_8);
              } catch (IOException e) {
                return ""; // it is still being written there
              }
            });
  }
}
