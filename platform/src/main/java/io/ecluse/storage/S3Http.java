package io.ecluse.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.Optional;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * An HTTP client whose requests end at once when their thread is interrupted, in the middle of what
 * they send or receive, and not when the store says something again.
 */
final class S3Http implements SdkHttpClient {
  private final SdkHttpClient client;

  private S3Http(SdkHttpClient client) {
    this.client = client;
  }

  /** The same for what a builder builds. */
  static <B extends SdkHttpClient.Builder<B>> SdkHttpClient.Builder<?> interruptible(B builder) {
    return new Builder(builder);
  }

  private static final class Builder implements SdkHttpClient.Builder<Builder> {
    private final SdkHttpClient.Builder<?> builder;

    private Builder(SdkHttpClient.Builder<?> builder) {
      this.builder = builder;
    }

    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
      return new S3Http(builder.buildWithDefaults(defaults));
    }
  }

  /** Something that waits for the network. */
  private interface Wait<T> {
    T run() throws IOException;
  }

  /** Does so, and stops it when this thread is interrupted, as a channel is closed then. */
  private static final class Interruption extends AbstractInterruptibleChannel {
    private final Runnable stop;

    private Interruption(Runnable stop) {
      this.stop = stop;
    }

    @Override
    protected void implCloseChannel() {
      stop.run();
    }

    private <T> T during(Wait<T> wait) throws IOException {
      boolean completed = false;
      begin();
      try {
        T result = wait.run();
        completed = true;
        return result;
      } finally {
        end(completed);
      }
    }
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = client.prepareRequest(request);
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        HttpExecuteResponse response = new Interruption(prepared::abort).during(prepared::call);
        Optional<AbortableInputStream> body = response.responseBody();
        return HttpExecuteResponse.builder()
            .response(response.httpResponse())
            .responseBody(body.map(S3Http::interruptible).orElse(null))
            .build();
      }

      @Override
      public void abort() {
        prepared.abort();
      }
    };
  }

  private static AbortableInputStream interruptible(AbortableInputStream body) {
    Interruption interruption = new Interruption(body::abort);
    InputStream in =
        new FilterInputStream(body) {
          @Override
          public int read() throws IOException {
            return interruption.during(body::read);
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return interruption.during(() -> body.read(bytes, offset, length));
          }
        };
    return AbortableInputStream.create(in, body);
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
  }
}
