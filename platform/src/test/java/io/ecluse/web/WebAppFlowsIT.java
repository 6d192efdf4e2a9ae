package io.ecluse.web;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people do with the pages, by mouse and by keyboard, and when the server goes away. */
@Timeout(1500)
class WebAppFlowsIT {
  @TempDir Path temp;

  @Test
  void whatPeopleDoWorksInABrowser() throws IOException, InterruptedException {
    new BrowserTests(temp).flows();
  }
}
