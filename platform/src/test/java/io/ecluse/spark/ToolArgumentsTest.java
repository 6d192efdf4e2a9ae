package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ToolArgumentsTest {
  private static ToolArguments typed(String words) {
    return new ToolArguments(List.of(words.split(" ")));
  }

  @Test
  void knowsWhereTheProgramBegins() {
    assertThat(typed("--conf a=b --verbose --name=x job.py --jars mine.jar").program())
        .contains("job.py");
    assertThat(typed("--conf a=b -I file").program()).isEmpty();
    assertThat(typed("--conf").program()).isEmpty();
  }

  @Test
  void addsToOptionsOfTheToolAndLeavesThoseOfTheProgram() {
    assertThat(typed("--jars a.jar --x=1 job.jar --jars b.jar").with("--jars", ",z.jar").words())
        .containsExactly("--jars", "a.jar,z.jar", "--x=1", "job.jar", "--jars", "b.jar");
    assertThat(typed("--jars=a.jar job.jar").with("--jars", ",z.jar").words())
        .containsExactly("--jars=a.jar,z.jar", "job.jar");
    assertThat(typed("job.jar --jars b.jar").with("--jars", ",z.jar").words())
        .containsExactly("job.jar", "--jars", "b.jar");
  }

  @Test
  void takesOptionsOut() {
    ToolArguments typed = typed("--properties-file a --properties-file=b --name x job.jar");

    assertThat(typed.value("--properties-file")).contains("b");
    assertThat(typed.without("--properties-file").words())
        .containsExactly("--name", "x", "job.jar");
  }
}
