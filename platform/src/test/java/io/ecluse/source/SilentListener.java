package io.ecluse.source;

/** Hears how an extract goes, and does nothing. */
public class SilentListener implements ExtractListener {
  @Override
  public void log(String line) {}

  @Override
  public void progress(long rows, long total) {}

  @Override
  public void onCancel(Runnable action) {}
}
