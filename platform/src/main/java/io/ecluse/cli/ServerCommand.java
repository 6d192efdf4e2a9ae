package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.error.EcluseException;
import io.ecluse.web.WebServer;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "server",
    description = "Serves the web app and the API, and runs DAGs by their schedules.")
final class ServerCommand extends ProjectCommand {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCommand.class);

  @Mixin private Serving serving = new Serving();

  /** The process ends after this, even if the database does not answer and tasks do not stop. */
  private static final long LONGEST_GOODBYE_SECONDS = 25;

  /** Where and how much to serve; the demo has the same */
  static final class Serving {
    @Mixin private Listening listening = new Listening();

    @Option(
        names = "--workers",
        paramLabel = "N",
        description = "most tasks at a time (default: 8)")
    private int workers = 8;

    @Option(
        names = "--no-web",
        description = "serve neither app nor API: run DAGs by their schedules, and commands")
    private boolean noWeb;

    @Option(
        names = "--health-port",
        paramLabel = "PORT",
        defaultValue = "${env:ECLUSE_HEALTH_PORT}",
        description =
            "tell at this port, at every address, whether this server is well: /health/live, /health/ready")
    private Optional<Integer> healthPort = Optional.empty();

    /**
     * @throws EcluseException INVALID_USAGE if these options do not fit together
     */
    void check() {
      listening.settings();
    }

    int workers() {
      return workers;
    }

    /**
     * Serves until the process is told to end.
     *
     * @param signIn the command that prints a link
     * @param shell that started the server
     */
    int serve(Platform platform, PrintWriter out, String signIn, Shell shell) {
      platform.starts().followSchedules();
      platform.watcher().start();
      CountDownLatch end = new CountDownLatch(1);
      CountDownLatch closed = new CountDownLatch(1);
      Thread hook = new Thread(() -> sayGoodbye(end, closed));
      Optional<DoorServer> door = Optional.empty();
      Optional<WebServer> web = Optional.empty();
      Optional<HealthDoor> health = Optional.empty();
      try {
        web =
            noWeb ? Optional.empty() : Optional.of(WebServer.start(platform, listening.settings()));
        door = DoorServer.open(platform, shell.variables());
        health = healthPort.map(port -> HealthDoor.open(platform, port));
        announce(platform, web, out, signIn, shell);
        Runtime.getRuntime().addShutdownHook(hook);
        ServerCommand.warmUp(platform);
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        health.ifPresent(HealthDoor::close);
        web.ifPresent(WebServer::close);
        door.ifPresent(DoorServer::close);
        platform.close();
        closed.countDown();
      }
      return Main.DONE;
    }

    private static void sayGoodbye(CountDownLatch end, CountDownLatch closed) {
      end.countDown();
      try {
        closed.await(LONGEST_GOODBYE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void announce(
        Platform platform, Optional<WebServer> web, PrintWriter out, String signIn, Shell shell) {
      String project = platform.project().get().name();
      if (web.isEmpty()) {
        out.printf(
            "%nÉcluse runs the DAGs of %s by their schedules, without a web door%n", project);
      } else {
        out.printf("%nÉcluse serves %s at %s%n", project, web.get().url());
        // a log is read by others, and later
        out.printf(
            "Sign in%s%n",
            shell.console().isEmpty() ? ": " + signIn : ", once, with " + web.get().signInLink());
      }
      out.println("Ctrl-C ends it.");
      out.flush();
    }
  }

  /** The engine's start takes half a second, which the first query need not wait for. */
  private static void warmUp(Platform platform) {
    Thread thread =
        new Thread(
            () -> {
              try {
                platform.queries().warmUp();
                platform.engine().warmUp();
              } catch (EcluseException e) {
                LOG.debug("Ended before the engine was warm", e); // the next query will say why
              }
            },
            "warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public Integer call() {
    serving.check(); // before anything starts
    try (Platform platform = new Platform(opening(Platform.Workers.HERE, serving.workers()))) {
      return serving.serve(platform, out(), command("sign-in"), shell());
    }
  }
}
