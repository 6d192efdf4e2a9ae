package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

class EventControllerTest {
  private static final AsyncRequestNotUsableException CUT =
      new AsyncRequestNotUsableException("broken", new IOException("Broken pipe"));

  @Test
  void knowsThatAClientHasGoneHoweverDeepThatIsWrapped() {
    Exception sending =
        new IllegalStateException(
            "Failed to send", new HttpMessageNotWritableException("Could not write JSON", CUT));
    assertThat(EventController.gone(sending)).contains(CUT);
    assertThat(EventController.gone(CUT)).contains(CUT);
  }

  @Test
  void takesWhatFailsHereForNoClientThatHasGone() {
    assertThat(EventController.gone(new IllegalStateException("x", new IOException("y"))))
        .isEmpty();
  }
}
