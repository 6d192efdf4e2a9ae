package io.ecluse.warehouse;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.UUID;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.io.OutputFile;

/**
 * Manifests, and lists of them, written again with changes, as the records of Avro that they are:
 * all else stays as it was written.
 */
record AvroCopies(StorageFileIO io, Drafts drafts) {
  private static final String RESERVED = "avro.";

  /** Where one is. */
  record Written(String location, long bytes) {}

  /** What is changed. */
  interface Change {
    void of(GenericRecord entry);
  }

  /** Writes one beside that of which it is made, where that is now. */
  Written copy(String location, Change change) {
    String here = io.location(io.within(location));
    OutputFile to =
        drafts.newOutputFile(
            here.substring(0, here.lastIndexOf('/') + 1) + UUID.randomUUID() + "-e.avro");
    GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>();
    try (DataFileStream<GenericRecord> from =
            new DataFileStream<>(io.newInputFile(location).newStream(), reader);
        OutputStream out = to.create();
        DataFileWriter<GenericRecord> writer =
            new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(from.getSchema()))) {
      String codec = from.getMetaString(DataFileConstants.CODEC);
      writer.setCodec(
          CodecFactory.fromString(codec == null ? DataFileConstants.NULL_CODEC : codec));
      for (String key : from.getMetaKeys()) {
        if (!key.startsWith(RESERVED)) {
          writer.setMeta(key, from.getMeta(key));
        }
      }
      writer.create(from.getSchema(), out);
      while (from.hasNext()) {
        GenericRecord entry = from.next();
        change.of(entry);
        writer.append(entry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Written(to.location(), to.toInputFile().getLength());
  }
}
