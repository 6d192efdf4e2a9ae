package io.ecluse.staging;

/**
 * One immutable file of a batch.
 *
 * @param file name within the batch's folder, {@code part-00000.parquet}
 * @param rows rows in the file
 * @param bytes size of the file
 * @param sha256 checksum of the file, in hexadecimal
 */
public record Part(String file, long rows, long bytes, String sha256) {}
