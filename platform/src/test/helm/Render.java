import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Renders charts as {@code helm template} does, many in one process. Each line of the file that is
 * named says, between tabs: where to, the chart, the release, the namespace, the file of values.
 * What Helm refuses becomes a file of the same name with {@code .refused} behind it.
 */
final class Render {
  public static void main(String[] arguments) throws Exception {
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {
      String[] words = line.split("\t");
      TemplateCommand command =
          new Helm(Path.of(words[1]))
              .template()
              .withName(words[2])
              .withNamespace(words[3])
              .withKubeVersion("1.34.0");
      try {
        Files.writeString(
            Path.of(words[0]), command.withValuesFile(Path.of(words[4])).call());
      } catch (RuntimeException e) {
        Files.writeString(Path.of(words[0] + ".refused"), String.valueOf(e.getMessage()));
      }
    }
    System.exit(0);
  }
}
