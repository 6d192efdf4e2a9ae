package io.ecluse;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.warehouse.Home;
import org.junit.jupiter.api.Test;

class SparkOwnerTest {
  private static String owner(String place, Home.Kind kind) {
    return SparkWiring.owner(new Home(place, kind), "catalog-1", "dev");
  }

  @Test
  void aCopyOfAProjectIsNotWhoseClustersTheFirstHasMade() {
    String first = owner("/srv/school/.ecluse/postgres", Home.Kind.PRIVATE);

    assertThat(owner("/home/a/copy/.ecluse/postgres", Home.Kind.PRIVATE)).isNotEqualTo(first);
    assertThat(owner("/srv/school/.ecluse/postgres", Home.Kind.PRIVATE)).isEqualTo(first);
  }

  @Test
  void whoSharesADatabaseIsTheSameOwnerOnEveryMachine() {
    assertThat(owner("db.school.example:5432/ecluse", Home.Kind.SHARED))
        .isEqualTo(owner("db.school.example:5432/ecluse", Home.Kind.SHARED))
        .startsWith("catalog-1/")
        .endsWith("/dev");
  }
}
