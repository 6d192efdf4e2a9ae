package io.ecluse.warehouse;

import java.util.UUID;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.io.OutputFile;
import org.jspecify.annotations.Nullable;

/**
 * A table as one run prepares it: commits change this copy in memory alone, and {@link #write()}
 * puts the result into one metadata file that nobody reads until the catalog points to it.
 */
final class RunTableOperations implements TableOperations {
  private final FileIO io;
  private final TableMetadata start;
  private final TableMetadata changeable;
  private TableMetadata current;

  private RunTableOperations(FileIO io, TableMetadata start, TableMetadata current) {
    this.io = io;
    this.start = start;
    this.changeable = current;
    this.current = current;
  }

  /** To read. */
  RunTableOperations(FileIO io, TableMetadata metadata) {
    this(io, metadata, metadata);
  }

  /** To change, whatever the clock says. */
  static RunTableOperations changing(FileIO io, TableMetadata start) {
    return new RunTableOperations(io, start, TimeOrder.changeable(start));
  }

  /** What was made of it. */
  TableMetadata result() {
    return TimeOrder.after(start, changeable, current);
  }

  @Override
  public TableMetadata current() {
    return current;
  }

  @Override
  public TableMetadata refresh() {
    return current;
  }

  @Override
  public void commit(@Nullable TableMetadata base, TableMetadata metadata) {
    if (base != current) {
      throw new CommitFailedException("The table was changed by another thread of the same run");
    }
    current = metadata;
  }

  @Override
  public FileIO io() {
    return io;
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return current.location() + "/metadata/" + fileName;
  }

  @Override
  public LocationProvider locationProvider() {
    return LocationProviders.locationsFor(current.location(), current.properties());
  }

  /** Writes the metadata and returns where. */
  String write() {
    return write(io, result());
  }

  static String write(FileIO io, TableMetadata metadata) {
    String location =
        "%s/metadata/%05d-%s.metadata.json"
            .formatted(metadata.location(), metadata.lastSequenceNumber(), UUID.randomUUID());
    OutputFile file = io.newOutputFile(location);
    TableMetadataParser.write(metadata, file);
    return location;
  }
}
