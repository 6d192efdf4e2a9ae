package io.ecluse.source;

/**
 * What sources work with.
 *
 * @param stage where extracts leave their rows
 * @param decoder of files
 */
public record SourceTools(Landing.Stage stage, FileDecoder decoder) {}
