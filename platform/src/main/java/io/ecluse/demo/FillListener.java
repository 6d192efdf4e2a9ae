package io.ecluse.demo;

/** Hears how far the ERP is filled. Called from several threads. */
@FunctionalInterface
public interface FillListener {
  /** Hears nothing. */
  FillListener SILENT = (table, rows) -> {};

  /** This many rows of the table are written so far. */
  void rows(String table, long rows);
}
