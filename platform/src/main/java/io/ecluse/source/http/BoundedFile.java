package io.ecluse.source.http;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** An answer on its way into a file, which may be so long and no longer. */
final class BoundedFile implements BodySubscriber<Path> {
  private final Path file;
  private final long most;
  private final CompletableFuture<Path> whole = new CompletableFuture<>();
  private Optional<FileChannel> channel = Optional.empty();
  private Optional<Flow.Subscription> subscription = Optional.empty();
  private long bytes;

  BoundedFile(Path file, long most) {
    this.file = file;
    this.most = most;
  }

  /** There is more than may be read. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1;

    TooLong(long most) {
      super("longer than " + most + " bytes");
    }
  }

  @Override
  public CompletionStage<Path> getBody() {
    return whole;
  }

  @Override
  public void onSubscribe(Flow.Subscription begun) {
    subscription = Optional.of(begun);
    try {
      channel =
          Optional.of(
              FileChannel.open(
                  file,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE));
      begun.request(Long.MAX_VALUE);
    } catch (IOException e) {
      fail(e);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    try {
      for (ByteBuffer buffer : buffers) {
        bytes += buffer.remaining();
        if (bytes > most) {
          throw new TooLong(most);
        }
        while (buffer.hasRemaining()) {
          channel.orElseThrow().write(buffer);
        }
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void fail(IOException e) {
    subscription.ifPresent(Flow.Subscription::cancel);
    onError(e);
  }

  @Override
  public void onError(Throwable e) {
    close();
    whole.completeExceptionally(e);
  }

  @Override
  public void onComplete() {
    close();
    whole.complete(file);
  }

  private void close() {
    try {
      if (channel.isPresent()) {
        channel.get().close();
      }
    } catch (IOException e) {
      whole.completeExceptionally(e);
    }
  }
}
