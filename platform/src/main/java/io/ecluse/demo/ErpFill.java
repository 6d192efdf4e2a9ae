package io.ecluse.demo;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.text.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Locale;

/** What the demo ERP is filled with. */
public sealed interface ErpFill {
  /** For people, as {@code generated data of scale 1}. */
  String description();

  /** Equal for fills that give the same rows. */
  String fingerprint();

  /**
   * Looks before anything is made.
   *
   * @throws EcluseException NOT_FOUND if there is nothing to fill from
   */
  void requirePresent();

  /**
   * Rows of the generator, the same for the same seed and scale.
   *
   * @param scale how many times 10,000 students, above 0
   */
  record Generated(long seed, double scale) implements ErpFill {
    public static final long DEFAULT_SEED = 42;
    private static final double GREATEST = 1000;

    public Generated {
      if (!(scale > 0 && scale <= GREATEST)) {
        throw ErrorCode.INVALID_USAGE.error(
            "The scale must be above 0 and at most 1000, but is " + scale);
      }
    }

    @Override
    public String description() {
      return String.format(Locale.ROOT, "generated data of scale %s, seed %d", plainScale(), seed);
    }

    @Override
    public String fingerprint() {
      return "generated:%s:%d:%d".formatted(plainScale(), seed, ErpGenerator.VERSION);
    }

    @Override
    public void requirePresent() {}

    private String plainScale() {
      return scale == Math.rint(scale) ? String.valueOf((long) scale) : String.valueOf(scale);
    }
  }

  /** Rows of CSV files, see {@link ErpCsvImport}. */
  record FromCsv(Path folder) implements ErpFill {
    public FromCsv {
      folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public String description() {
      return "the CSV files of " + folder;
    }

    @Override
    public void requirePresent() {
      ErpCsvImport.requireFiles(folder);
    }

    /** Of the files' content: where they lie does not matter. */
    @Override
    public String fingerprint() {
      try {
        MessageDigest digest = Sha256.begin();
        for (ErpTable table : ErpTables.read().all()) {
          Path file = folder.resolve(table.name() + ".csv");
          if (Files.isRegularFile(file)) {
            digest.update(
                (table.name() + ":" + Files.size(file) + ":").getBytes(StandardCharsets.UTF_8));
            try (InputStream stream = Files.newInputStream(file);
                OutputStream out =
                    new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
              stream.transferTo(out);
            }
          }
        }
        return "csv:" + Sha256.end(digest);
      } catch (IOException e) {
        throw ErrorCode.DATA_INVALID.error(
            "The CSV files of %s cannot be read: %s".formatted(folder, e.getMessage()), e);
      }
    }
  }
}
