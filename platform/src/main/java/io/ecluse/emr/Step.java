package io.ecluse.emr;

import java.util.List;

/**
 * A program that a cluster runs.
 *
 * @param name by which it is found again: one step of a cluster for each
 * @param arguments for {@code command-runner.jar}. Whoever may look at the cluster reads them: no
 *     secret among them
 */
public record Step(String name, List<String> arguments) {
  private static final int LONGEST_NAME = 256;

  public Step {
    arguments = List.copyOf(arguments);
    if (name.isBlank() || name.length() > LONGEST_NAME || arguments.isEmpty()) {
      throw new IllegalArgumentException("A step has a name and a program: " + name);
    }
  }

  /**
   * One that copies files between S3 and HDFS, all machines at once.
   *
   * @param pattern which whole names are copied, as a regular expression
   */
  public static Step copy(String name, String from, String to, String pattern) {
    return new Step(
        name, List.of("s3-dist-cp", "--src=" + from, "--dest=" + to, "--srcPattern=" + pattern));
  }
}
