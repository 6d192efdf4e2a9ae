package io.ecluse.web;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Optional;

/**
 * An answer to a client who has to take it: the time spent waiting for that, in all, is half a
 * minute and what a slow line needs. An event stream, which waits for events and not for its
 * client, may last as long as it likes.
 */
final class PatientResponse extends HttpServletResponseWrapper {
  private static final long PATIENCE_NANOS = 30_000_000_000L;
  private static final long NANOS_PER_BYTE = 1_000_000_000L / (20 << 10);
  private static final int CHUNK = 8 << 10;

  private Optional<Patient> stream = Optional.empty();

  PatientResponse(HttpServletResponse response) {
    super(response);
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    if (stream.isEmpty()) {
      stream = Optional.of(new Patient(super.getOutputStream()));
    }
    return stream.get();
  }

  @Override
  public void flushBuffer() throws IOException {
    if (stream.isPresent()) {
      stream.get().flush();
    } else {
      super.flushBuffer();
    }
  }

  private static final class Patient extends ServletOutputStream {
    private final ServletOutputStream out;
    private long written;
    private long waited;

    Patient(ServletOutputStream out) {
      this.out = out;
    }

    private interface Step {
      void run() throws IOException;
    }

    private void timed(Step step) throws IOException {
      if (waited > PATIENCE_NANOS + written * NANOS_PER_BYTE) {
        throw new IOException("The client takes its answer too slowly");
      }
      long begin = System.nanoTime();
      try {
        step.run();
      } finally {
        waited += System.nanoTime() - begin;
      }
    }

    @Override
    public void write(int value) throws IOException {
      timed(() -> out.write(value));
      written++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      for (int done = 0; done < length; done += CHUNK) {
        int from = offset + done;
        int next = Math.min(CHUNK, length - done);
        timed(() -> out.write(bytes, from, next));
        written += next;
      }
    }

    @Override
    public void flush() throws IOException {
      timed(out::flush);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }

    @Override
    public boolean isReady() {
      return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      out.setWriteListener(listener);
    }
  }
}
