package io.ecluse.decode;

import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.FileFormat;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * A file in a form that DuckDB reads: itself, or a copy for as long as it is needed, out of its zip
 * and in UTF-8. DuckDB knows gzip; of encodings it knows too few, and of JSON's numbers too little.
 *
 * @param names of the columns, where copying has told them
 * @param sheet what copying has told of a workbook
 * @param left numbers of the lines of a CSV that copying has left out, in order
 */
record PlainFile(
    Path path,
    FileFormat format,
    Lifetime lifetime,
    List<String> names,
    Optional<SheetCsv.Facts> sheet,
    List<Long> left)
    implements AutoCloseable {
  private static final int BUFFER = 1 << 16;
  private static final int HEAD = 1 << 18;

  private enum Lifetime {
    KEPT,
    COPY
  }

  static PlainFile of(FileDecoder.Input input, Path spill, BooleanSupplier cancelled) {
    return switch (input.format().kind()) {
      case XLSX -> sheet(input, spill, cancelled);
      case JSON, NDJSON -> json(input, spill, cancelled);
      case CSV -> csv(input, spill, cancelled);
      case PARQUET -> text(input, spill, cancelled);
    };
  }

  /** The rows of a workbook's sheet, as CSV. */
  private static PlainFile sheet(FileDecoder.Input input, Path spill, BooleanSupplier cancelled) {
    Path csv = spill.resolve("plain-" + UUID.randomUUID());
    try (PlainFile workbook = text(input, spill, cancelled)) {
      SheetCsv.Facts facts = SheetCsv.write(workbook.path(), input, csv, () -> check(cancelled));
      return new PlainFile(
          csv, SheetCsv.FORMAT, Lifetime.COPY, facts.names(), Optional.of(facts), List.of());
    }
  }

  /** The records of JSON, as lines of texts. */
  private static PlainFile json(FileDecoder.Input input, Path spill, BooleanSupplier cancelled) {
    Path rows = spill.resolve("plain-" + UUID.randomUUID());
    try (InputStream in = open(input);
        Reader reader = new InputStreamReader(in, decoder(input))) {
      List<String> names = JsonRows.write(reader, input, rows, () -> check(cancelled));
      checkOnly(in);
      return new PlainFile(
          rows, unpacked(input.format()), Lifetime.COPY, names, Optional.empty(), List.of());
    } catch (IOException e) {
      throw failed(input, e);
    }
  }

  /** Without the lines that are not read; a first line that names nothing is an error. */
  private static PlainFile csv(FileDecoder.Input input, Path spill, BooleanSupplier cancelled) {
    PlainFile plain = text(input, spill, cancelled);
    try {
      FileFormat.Csv said = input.format().csv();
      CsvHead head = plain.head(said);
      head.check(input.name(), said);
      FileFormat.Csv csv = said.written(said.delimiter().or(head::delimiter), said.quote());
      CsvLines lines = new CsvLines(csv, head.skip());
      PlainFile told = plain.with(csv);
      return lines.isNeeded()
          ? told.copied(input, spill, lines, CsvLines.Ends.KEPT, cancelled)
          : told;
    } catch (EcluseException e) {
      plain.close();
      throw e;
    } catch (IOException e) {
      plain.close();
      throw failed(input, e);
    }
  }

  private PlainFile with(FileFormat.Csv csv) {
    return new PlainFile(path, format.with(csv), lifetime, names, sheet, left);
  }

  /** How it begins. */
  private CsvHead head(FileFormat.Csv csv) throws IOException {
    try (InputStream in = read()) {
      byte[] bytes = in.readNBytes(HEAD);
      return CsvHead.of(new String(bytes, StandardCharsets.UTF_8), csv, bytes.length < HEAD);
    }
  }

  private InputStream read() throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER);
    return format.packing() == FileFormat.Packing.GZIP ? new GZIPInputStream(in, BUFFER) : in;
  }

  /** Whether some of its lines, in quotes or not, end in another way than others. */
  boolean endsInSeveralWays(FileDecoder.Input input) {
    Set<String> ends = new HashSet<>();
    try (InputStream in = read()) {
      int before = 0;
      for (int c = in.read(); c >= 0; before = c, c = in.read()) {
        if (c == '\n') {
          ends.add(before == '\r' ? "\r\n" : "\n");
        } else if (before == '\r') {
          ends.add("\r");
        }
      }
      return ends.size() > 1;
    } catch (IOException e) {
      throw failed(input, e);
    }
  }

  /** A copy of which all lines end alike. */
  PlainFile endedAlike(FileDecoder.Input input, Path spill, BooleanSupplier cancelled) {
    try {
      return copied(input, spill, new CsvLines(format.csv(), 0), CsvLines.Ends.ALIKE, cancelled);
    } catch (IOException e) {
      throw failed(input, e);
    }
  }

  private PlainFile copied(
      FileDecoder.Input input,
      Path spill,
      CsvLines lines,
      CsvLines.Ends ends,
      BooleanSupplier cancelled)
      throws IOException {
    Path copy = spill.resolve("plain-" + UUID.randomUUID());
    List<Long> more;
    try (InputStream in = read()) {
      more = lines.copy(in, copy, input.name(), ends, cancelled);
    }
    if (ends == CsvLines.Ends.KEPT) {
      close();
    }
    return new PlainFile(
        copy,
        unpacked(format).with(format.csv().bare()),
        Lifetime.COPY,
        names,
        sheet,
        ends == CsvLines.Ends.KEPT ? more : left);
  }

  /** The number of a line in the file as it was given. */
  long line(long here) {
    long line = here;
    for (long number : left) {
      if (number > line) {
        return line;
      }
      line++;
    }
    return line;
  }

  /** Where the rows of a CSV are not like most others, and what was tried. */
  String odd(FileDecoder.Input input) {
    try {
      return head(format.csv()).odd(format.csv(), this::line);
    } catch (IOException e) {
      throw failed(input, e);
    }
  }

  private static PlainFile text(FileDecoder.Input input, Path spill, BooleanSupplier cancelled) {
    FileFormat format = input.format();
    boolean text =
        format.kind() != FileFormat.Kind.PARQUET && format.kind() != FileFormat.Kind.XLSX;
    boolean packed =
        text
            ? format.packing() == FileFormat.Packing.ZIP
            : format.packing() != FileFormat.Packing.NONE;
    boolean encoded = text && !format.encoding().equals(StandardCharsets.UTF_8);
    if (!packed && !encoded) {
      return new PlainFile(
          input.path(), format, Lifetime.KEPT, List.of(), Optional.empty(), List.of());
    }
    Path copy = spill.resolve("plain-" + UUID.randomUUID());
    try (InputStream in = open(input)) {
      if (encoded) {
        transcode(in, input, copy, cancelled);
      } else {
        copy(in, copy, cancelled);
      }
    } catch (IOException e) {
      throw failed(input, e);
    }
    return new PlainFile(
        copy, unpacked(format), Lifetime.COPY, List.of(), Optional.empty(), List.of());
  }

  private static FileFormat unpacked(FileFormat format) {
    return new FileFormat(
        format.kind(),
        FileFormat.Packing.NONE,
        format.csv(),
        format.sheet(),
        StandardCharsets.UTF_8);
  }

  private static InputStream open(FileDecoder.Input input) throws IOException {
    InputStream file = new BufferedInputStream(Files.newInputStream(input.path()), BUFFER);
    return switch (input.format().packing()) {
      case NONE -> file;
      case GZIP -> new GZIPInputStream(file, BUFFER);
      case ZIP -> entry(input, new ZipInputStream(file));
    };
  }

  private static InputStream entry(FileDecoder.Input input, ZipInputStream zip) throws IOException {
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      if (!entry.isDirectory()) {
        return zip;
      }
    }
    throw ErrorCode.DATA_INVALID.error("%s: there is no file in the zip".formatted(input.name()));
  }

  private static void copy(InputStream in, Path copy, BooleanSupplier cancelled)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (var out = Files.newOutputStream(copy)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        check(cancelled);
      }
    }
    checkOnly(in);
  }

  private static void checkOnly(InputStream in) throws IOException {
    if (in instanceof ZipInputStream zip && zip.getNextEntry() != null) {
      throw new IOException("it holds more than one file; pack each in a zip of its own");
    }
  }

  private static void transcode(
      InputStream in, FileDecoder.Input input, Path copy, BooleanSupplier cancelled)
      throws IOException {
    char[] buffer = new char[BUFFER];
    try (Reader reader = new InputStreamReader(in, decoder(input));
        Writer out = new OutputStreamWriter(Files.newOutputStream(copy), StandardCharsets.UTF_8)) {
      for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
        out.write(buffer, 0, n);
        check(cancelled);
      }
    }
  }

  private static CharsetDecoder decoder(FileDecoder.Input input) {
    return input
        .format()
        .encoding()
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  private static void check(BooleanSupplier cancelled) {
    if (cancelled.getAsBoolean()) {
      throw ErrorCode.CANCELLED.error("The extract was cancelled");
    }
  }

  private static EcluseException failed(FileDecoder.Input input, IOException e) {
    if (e instanceof CharacterCodingException) {
      return ErrorCode.DATA_INVALID.error(
          "%s: what stands there is not %s; say the stream's encoding"
              .formatted(input.name(), input.format().encoding().name()),
          e);
    }
    if (input.format().packing() == FileFormat.Packing.GZIP
        && (e instanceof ZipException || e instanceof EOFException)) {
      return ErrorCode.DATA_INVALID.error(
          "%s: this is not gzip, or only the beginning of it".formatted(input.name()), e);
    }
    String reason = String.valueOf(e.getMessage());
    return DiskFull.isSaidBy(reason)
        ? DiskFull.error(e)
        : ErrorCode.DATA_INVALID.error(
            "%s cannot be unpacked: %s".formatted(input.name(), reason), e);
  }

  @Override
  public void close() {
    if (lifetime == Lifetime.COPY) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        throw ErrorCode.INTERNAL.error("Could not delete " + path, e);
      }
    }
  }
}
