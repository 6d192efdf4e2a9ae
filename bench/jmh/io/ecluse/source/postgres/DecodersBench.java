package io.ecluse.source.postgres;

import io.ecluse.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.VarCharVector;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What one value costs, from PostgreSQL's binary form into an Arrow vector: a batch of each type. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/java.nio=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class DecodersBench {
  private static final int ROWS = 2048;

  @Param({"BIGINT", "TIMESTAMP", "NUMERIC_10_2", "NUMERIC_38_10", "TEXT"})
  public Kind kind;

  private RootAllocator allocator;
  private FieldVector vector;
  private ColumnDecoder decoder;
  private byte[][] values;

  /** What is decoded. */
  public enum Kind {
    BIGINT,
    TIMESTAMP,
    NUMERIC_10_2,
    NUMERIC_38_10,
    TEXT;

    private byte[] value(Random random) {
      return switch (this) {
        case BIGINT, TIMESTAMP -> ByteBuffer.allocate(8).putLong(random.nextLong() >> 8).array();
        case NUMERIC_10_2 -> numeric(BigInteger.valueOf(random.nextInt()), 2);
        case NUMERIC_38_10 -> numeric(new BigInteger(120, random), 10);
        case TEXT -> ("customer number " + random.nextInt(100_003)).getBytes(StandardCharsets.UTF_8);
      };
    }

    private FieldVector vector(RootAllocator allocator) {
      return switch (this) {
        case BIGINT -> new BigIntVector("it", allocator);
        case TIMESTAMP -> new TimeStampMicroVector("it", allocator);
        case NUMERIC_10_2 -> new DecimalVector("it", allocator, 10, 2);
        case NUMERIC_38_10 -> new DecimalVector("it", allocator, 38, 10);
        case TEXT -> new VarCharVector("it", allocator);
      };
    }

    private ColumnDecoder decoder() {
      return switch (this) {
        case BIGINT -> new FixedDecoder.EightBytes();
        case TIMESTAMP -> new FixedDecoder.Timestamp("it");
        case NUMERIC_10_2 -> new NumericDecoder("it", DataType.decimal(10, 2));
        case NUMERIC_38_10 -> new NumericDecoder("it", DataType.decimal(38, 10));
        case TEXT -> new BytesDecoder();
      };
    }

    /** As numeric_send has it: groups of four digits, from the point on in both directions. */
    private static byte[] numeric(BigInteger unscaled, int scale) {
      BigDecimal value = new BigDecimal(unscaled, scale).abs();
      int places = (scale + 3) / 4;
      String digits = value.movePointRight(4 * places).toBigInteger().toString();
      digits = "0".repeat((4 - digits.length() % 4) % 4) + digits;
      int groups = digits.length() / 4;
      ByteBuffer sent = ByteBuffer.allocate(8 + 2 * groups);
      sent.putShort((short) groups).putShort((short) (groups - places - 1));
      sent.putShort((short) (unscaled.signum() < 0 ? 0x4000 : 0)).putShort((short) scale);
      for (int i = 0; i < groups; i++) {
        sent.putShort(Short.parseShort(digits.substring(4 * i, 4 * i + 4)));
      }
      return sent.array();
    }
  }

  @Setup
  public void prepare() {
    Random random = new Random(1);
    allocator = new RootAllocator();
    vector = kind.vector(allocator);
    decoder = kind.decoder();
    values = IntStream.range(0, ROWS).mapToObj(i -> kind.value(random)).toArray(byte[][]::new);
  }

  @TearDown
  public void end() {
    vector.close();
    allocator.close();
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public FieldVector batch() {
    decoder.begin(vector, ROWS);
    for (int i = 0; i < ROWS; i++) {
      decoder.decode(values[i], 0, values[i].length, i);
    }
    decoder.end(ROWS);
    vector.setValueCount(ROWS);
    return vector;
  }
}
