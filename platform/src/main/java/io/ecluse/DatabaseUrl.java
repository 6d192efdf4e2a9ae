package io.ecluse;

import io.ecluse.metadata.DatabaseSettings;
import io.ecluse.project.LocalSecrets;
import io.ecluse.project.Secrets;
import io.ecluse.project.Template;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The URL of a database as an environment variable or an option says it: it may name secrets as
 * files of a project do, so that no password stands among the variables of a process.
 */
public final class DatabaseUrl {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{(env|secret):[A-Za-z_][A-Za-z0-9_]*}");

  private DatabaseUrl() {}

  /**
   * What it means. A secret within a URL may hold any sign; one that is the whole URL is taken as
   * it is.
   *
   * @throws io.ecluse.error.EcluseException SECRET_MISSING, or INVALID_USAGE without a word of it
   */
  public static DatabaseSettings settings(String url, Secrets secrets) {
    if (!REFERENCE.matcher(url).find()) {
      return DatabaseSettings.parse(url);
    }
    Template template = new Template(url.strip());
    return DatabaseSettings.parse(
        REFERENCE.matcher(url.strip()).matches()
            ? template.resolve(secrets)
            : template.resolve(secrets, DatabaseUrl::written));
  }

  /**
   * The secrets that it may name, on this machine.
   *
   * @param variables environment variables
   * @param folder of the project
   */
  public static Secrets secrets(Map<String, String> variables, Path folder) {
    return new LocalSecrets(variables, folder);
  }

  private static String written(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
