package io.ecluse.postgres;

/**
 * How to come into a database.
 *
 * @param password never to be printed
 */
public record Login(String user, String password) {
  @Override
  public String toString() {
    return user;
  }
}
