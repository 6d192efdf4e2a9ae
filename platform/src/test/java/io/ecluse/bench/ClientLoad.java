package io.ecluse.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Users of an ERP at work: short transactions as TPC-B has them, with a pause after each. Prints
 * {@code felt MEDIAN-MS P95-MS TRANSACTIONS}.
 */
public final class ClientLoad {
  static final int CLIENTS = 2;
  static final int ACCOUNTS = 50_000;

  /** Clients think between transactions, as people do; a machine without a pause is no ERP. */
  private static final long THINK_MILLIS = 5;

  private static final double WARM_UP_SECONDS = 2;

  private ClientLoad() {}

  /**
   * @param arguments JDBC URL, user, password, seconds
   */
  public static void main(String[] arguments) throws Exception {
    double seconds = Double.parseDouble(arguments[3]);
    work(arguments, WARM_UP_SECONDS);
    System.out.println("begin");
    List<Double> latencies = work(arguments, seconds);
    Collections.sort(latencies);
    System.out.printf(
        "felt %s %s %d%n",
        latencies.get(latencies.size() / 2),
        latencies.get((int) (latencies.size() * 0.95)),
        latencies.size());
  }

  private static List<Double> work(String[] where, double seconds) throws InterruptedException {
    long end = System.nanoTime() + Math.round(seconds * 1e9);
    ConcurrentLinkedQueue<Double> latencies = new ConcurrentLinkedQueue<>();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int seed = i;
      Thread client = new Thread(() -> client(where, seed, end, latencies));
      client.start();
      clients.add(client);
    }
    for (Thread client : clients) {
      client.join();
    }
    return new ArrayList<>(latencies);
  }

  private static void client(
      String[] where, int seed, long end, ConcurrentLinkedQueue<Double> latencies) {
    Random random = new Random(seed);
    try (Connection erp = DriverManager.getConnection(where[0], where[1], where[2]);
        PreparedStatement update =
            erp.prepareStatement("UPDATE accounts SET balance = balance + ? WHERE id = ?");
        PreparedStatement read = erp.prepareStatement("SELECT balance FROM accounts WHERE id = ?");
        PreparedStatement note = erp.prepareStatement("INSERT INTO history VALUES (?, ?, now())")) {
      erp.setAutoCommit(false);
      while (System.nanoTime() < end) {
        int account = 1 + random.nextInt(ACCOUNTS);
        long begin = System.nanoTime();
        update.setInt(1, 1);
        update.setInt(2, account);
        update.executeUpdate();
        read.setInt(1, account);
        read.executeQuery().close();
        note.setInt(1, account);
        note.setInt(2, 1);
        note.executeUpdate();
        erp.commit();
        latencies.add((System.nanoTime() - begin) / 1e6);
        Thread.sleep(THINK_MILLIS);
      }
    } catch (SQLException e) {
      throw new AssertionError(Arrays.toString(where), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
