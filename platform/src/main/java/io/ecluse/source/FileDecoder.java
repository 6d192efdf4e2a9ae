package io.ecluse.source;

import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.staging.StagedColumn;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads files of common formats and writes them as files of staging. It opens the files that it is
 * told to and no others. A line that cannot be read ends the reading, with an error that names file
 * and line, never what stands there.
 *
 * <p>Implementations are safe for use by several threads.
 */
public interface FileDecoder {
  /** The source type of a column of which every value is missing. */
  String NOTHING = "nothing";

  /** The source type of whole numbers of which a double cannot hold every one. */
  String LONG_NUMBERS = "text of long numbers";

  /**
   * A file to read.
   *
   * @param path where it is
   * @param name what people call it, for messages
   */
  record Input(Path path, String name, FileFormat format) {}

  /**
   * A column of a file.
   *
   * @param column with the narrowest type that holds all its values as they are written
   * @param sourceType the type in the file's own words
   */
  record Seen(Column column, String sourceType) {}

  /**
   * What looking at a whole file has found.
   *
   * @param columns in the file's order
   * @param rows how many there are
   * @param reading how it is to be read, the format with nothing left to find out
   */
  record Sight(List<Seen> columns, long rows, String reading, FileFormat format) {
    public Sight {
      columns = List.copyOf(columns);
    }

    /** The columns as a batch has them. */
    public List<StagedColumn> staged() {
      return columns.stream().map(c -> new StagedColumn(c.column(), c.sourceType())).toList();
    }
  }

  /** One extract's use of the decoder, by one thread. Ended by {@link #close()}. */
  interface Session extends AutoCloseable {
    /**
     * Looks at all of a file.
     *
     * @param known types of columns that are not to be found out
     * @throws io.ecluse.error.EcluseException DATA_INVALID, CANCELLED
     */
    Sight look(Input input, Map<String, DataType> known);

    /**
     * Writes a file's rows, in order, as these columns; one that the file lacks is NULL.
     *
     * @return the rows written
     * @throws io.ecluse.error.EcluseException DATA_INVALID, CANCELLED, DISK_FULL
     */
    long encode(Input input, Sight sight, List<Column> columns, Path part);

    /**
     * The highest value of a column, as it is written; empty if there is none.
     *
     * @param column with the type by which values are compared
     * @throws io.ecluse.error.EcluseException DATA_INVALID, CANCELLED
     */
    Optional<String> highest(Map<Input, Sight> files, Column column);

    /** Ends what runs, from any thread. */
    void cancel();

    @Override
    void close();
  }

  /**
   * Begins to read.
   *
   * @param inputs the files that may be opened
   * @param folder where parts may be written
   */
  Session open(List<Path> inputs, Path folder);
}
