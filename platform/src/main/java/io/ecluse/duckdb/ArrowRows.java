package io.ecluse.duckdb;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.flatbuffers.FlatBufferBuilder;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.arrow.c.Data;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.unsafe.UnsafeAllocationManager;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.duckdb.DuckDBResultSet;
import org.slf4j.Logger;

/** The rows of a query as a stream of Arrow's: what each column is, and its values as they are. */
public final class ArrowRows {
  /** DuckDB's own vectors. */
  private static final int BATCH = 2_048;

  /** One class of each library that this needs. */
  static final List<Class<?>> LIBRARIES =
      List.of(
          Data.class,
          ArrowReader.class,
          BufferAllocator.class,
          UnsafeAllocationManager.class,
          Message.class,
          FlatBufferBuilder.class,
          JsonFactory.class,
          ObjectMapper.class,
          JsonFormat.class,
          Logger.class);

  private ArrowRows() {}

  /**
   * Writes every row, batch by batch, and returns how many there were. The stream is not closed.
   *
   * @param cancelled ends it between batches
   * @throws EcluseException CANCELLED
   */
  public static long write(ResultSet rows, OutputStream out, BooleanSupplier cancelled)
      throws SQLException {
    long count = 0;
    try (BufferAllocator allocator = new RootAllocator();
        ArrowReader batches =
            (ArrowReader) rows.unwrap(DuckDBResultSet.class).arrowExportStream(allocator, BATCH);
        ArrowStreamWriter writer =
            new ArrowStreamWriter(
                batches.getVectorSchemaRoot(), batches, Channels.newChannel(out))) {
      writer.start();
      while (batches.loadNextBatch()) {
        if (cancelled.getAsBoolean()) {
          throw ErrorCode.CANCELLED.error("The query was cancelled");
        }
        writer.writeBatch();
        count += batches.getVectorSchemaRoot().getRowCount();
      }
      writer.end();
      return count;
    } catch (IOException e) {
      throw new SQLException(e.getMessage(), e);
    }
  }
}
