package io.ecluse.web;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every page, in both themes, both languages, desktop and phone, with axe, and every chart. */
@Timeout(1500)
class WebAppIT {
  @TempDir Path temp;

  @Test
  void everyPageWorksInABrowser() throws IOException, InterruptedException {
    new BrowserTests(temp).allOthers();
  }
}
