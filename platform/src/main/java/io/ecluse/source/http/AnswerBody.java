package io.ecluse.source.http;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON of an answer, out of its packing and whatever its encoding.
 *
 * @param most bytes of it, once it is unpacked
 */
record AnswerBody(HttpErrors errors, HttpApi.Answer answer, long most) {
  private static final Pattern CHARSET =
      Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([^\\s;\"]+)");

  /**
   * Reads it.
   *
   * @throws EcluseException DATA_INVALID for a packing or an encoding that is not known
   */
  JsonParser parser() throws IOException {
    // JSON is UTF-8 (RFC 8259, section 8.1), and servers that say otherwise are often wrong
    Optional<String> charset = charset();
    if (charset.isEmpty() || isUtf8()) {
      return JsonMapper.shared().createParser(open()); // which knows UTF-16 and byte order marks
    }
    Reader reader = new InputStreamReader(open(), known(charset.get()));
    return JsonMapper.shared().createParser(reader);
  }

  /** The bytes, unpacked. */
  private InputStream open() throws IOException {
    InputStream file = new BufferedInputStream(Files.newInputStream(answer.body()));
    String packing = packing(answer.headers().firstValue("Content-Encoding"));
    return switch (packing) {
      case "", "identity" -> file;
      case "gzip", "x-gzip" -> new Bounded(new GZIPInputStream(file, 1 << 16), most);
      default -> {
        file.close();
        throw errors.error(
            ErrorCode.DATA_INVALID,
            "the answer of %s is packed as %s, which nobody asked for and nobody here knows"
                .formatted(answer.request(), packing));
      }
    };
  }

  private static String packing(Optional<String> header) {
    return header.orElse("").strip().toLowerCase(Locale.ROOT);
  }

  /** What the headers say of its encoding, if it is not UTF-8. */
  private Optional<String> charset() {
    Matcher said = CHARSET.matcher(answer.headers().firstValue("Content-Type").orElse(""));
    return said.find()
        ? Optional.of(said.group(1)).filter(c -> !c.equalsIgnoreCase("utf-8"))
        : Optional.empty();
  }

  /** Whether every byte of it can be UTF-8. */
  boolean isUtf8() throws IOException {
    var decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    char[] buffer = new char[1 << 13];
    try (Reader reader = new InputStreamReader(open(), decoder)) {
      while (reader.read(buffer) >= 0) {
        // read to the end, or to the first byte that cannot be
      }
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private Charset known(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw errors.error(
          ErrorCode.DATA_INVALID,
          "the answer of %s is in the encoding %s, which nobody here knows"
              .formatted(answer.request(), errors.words(name)));
    }
  }

  private static final class Bounded extends FilterInputStream {
    private final long most;
    private long bytes;

    Bounded(InputStream in, long most) {
      super(in);
      this.most = most;
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int read = super.read(to, offset, length);
      count(Math.max(0, read));
      return read;
    }

    private void count(int more) throws IOException {
      bytes += more;
      if (bytes > most) {
        throw new BoundedFile.TooLong(most);
      }
    }
  }
}
