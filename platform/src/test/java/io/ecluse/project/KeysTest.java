package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.project.Shape.AnyOf;
import io.ecluse.project.Shape.Choice;
import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Shape.ListOf;
import io.ecluse.project.Shape.MapOf;
import io.ecluse.project.Shape.Text;
import io.ecluse.project.Shape.Whole;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeysTest {
  @Test
  void aLineIsAKeyAndWhatIsFurtherInBelongsToIt() {
    Shape given = new Shape.Flag();
    Fields keys =
        Keys.of(
            "a door",
            """
            name!: name  What it is called: by whom?
            lock: {a lock}  What closes it.
              turns: 1..3 or template  How often.
              rings: 0..  As many as there are.
            colours: [red|green]+  Of the paint.
            one: red|  The only one.
            tags: map header [name or @given]  More.
            """,
            Map.of("given", given));

    assertThat(keys)
        .isEqualTo(
            new Fields(
                "a door",
                List.of(
                    Field.required("name", new Text(Format.NAME), "What it is called: by whom?"),
                    Field.optional(
                        "lock",
                        new Fields(
                            "a lock",
                            List.of(
                                Field.optional(
                                    "turns",
                                    new AnyOf(List.of(new Whole(1, 3), new Text(Format.TEMPLATE))),
                                    "How often."),
                                Field.optional(
                                    "rings",
                                    new Whole(0, Long.MAX_VALUE),
                                    "As many as there are.")),
                            List.of()),
                        "What closes it."),
                    Field.optional(
                        "colours",
                        new ListOf(new Choice(List.of("red", "green")), ListOf.Size.NOT_EMPTY),
                        "Of the paint."),
                    Field.optional("one", new Choice(List.of("red")), "The only one."),
                    Field.optional(
                        "tags",
                        new MapOf(
                            Format.HEADER,
                            new ListOf(
                                new AnyOf(List.of(new Text(Format.NAME), given)), ListOf.Size.ANY)),
                        "More.")),
                List.of()));
  }

  @Test
  void refusesALineThatIsNoKeyAndAFormatThatThereIsNot() {
    assertThatThrownBy(() -> Keys.of("a door", "name: name it has no doc\n"))
        .hasMessageContaining("name: name it has no doc");
    assertThatThrownBy(() -> Keys.of("a door", "name: nam  What it is called.\n"))
        .hasMessageContaining("NAM");
  }
}
