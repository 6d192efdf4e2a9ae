package io.ecluse.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.schema.DataType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PersonalNamesTest {
  @ParameterizedTest
  @CsvSource({
    "prenom, identity",
    "Prénom_usuel, identity",
    "firstName, identity",
    "last_name, identity",
    "nom_de_famille, identity",
    "civilité, identity",
    "E-Mail, contact",
    "courriel_pro, contact",
    "tel_mobile, contact",
    "numéro de téléphone, contact",
    "phone, contact",
    "date_naissance, birth",
    "DateNaissance, birth",
    "birth_date, birth",
    "IBAN, bank",
    "rib_payeur, bank",
    "num_secu, national_id",
    "n° de sécurité sociale, national_id",
    "SSN, national_id",
    "adresse_ip, online",
    "last_ip, online",
    "mot_de_passe, credentials",
    "passwordHash, credentials",
    "handicap, health",
    "situation_familiale, family"
  })
  void marksWhatIsPersonalWhereverItStands(String column, String category) {
    assertThat(new PersonalNames(false).guess(column, DataType.VARCHAR))
        .map(PersonalGuess::category)
        .contains(category);
  }

  @ParameterizedTest
  @CsvSource({"nom", "name", "adresse", "city", "code_postal", "cp", "latitude"})
  void marksNamesAndPlacesOnlyWhereTheTableIsAboutPeople(String column) {
    assertThat(new PersonalNames(true).guess(column, DataType.VARCHAR)).isPresent();
    assertThat(new PersonalNames(false).guess(column, DataType.VARCHAR)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "id, INTEGER",
    "email_verified, BOOLEAN",
    "email_sent_at, TIMESTAMPTZ",
    "mail_id, BIGINT",
    "nb_emails, INTEGER",
    "description, VARCHAR",
    "mailing_list, VARCHAR",
    "zipped, VARCHAR",
    "grade, REAL",
    "subject_id, VARCHAR",
    "shipment, VARCHAR"
  })
  void leavesOtherColumnsAlone(String column, String type) {
    assertThat(new PersonalNames(true).guess(column, DataType.parse(type).orElseThrow())).isEmpty();
  }

  @Test
  void knowsATableOfPeopleByItsNameOrByItsColumns() {
    assertThat(PersonalNames.forTable("T_Étudiants", List.of("nom")).ofPeople()).isTrue();
    assertThat(PersonalNames.forTable("professors", List.of()).ofPeople()).isTrue();
    assertThat(PersonalNames.forTable("x12", List.of("id", "date_naissance")).ofPeople()).isTrue();
    assertThat(PersonalNames.forTable("campuses", List.of("name", "city")).ofPeople()).isFalse();
    assertThat(PersonalNames.forTable("companies", List.of("name", "email")).ofPeople()).isFalse();
  }

  @Test
  void saysWhatSpeaksForIt() {
    assertThat(new PersonalNames(false).guess("personal_email", DataType.VARCHAR))
        .isEqualTo(Optional.of(new PersonalGuess("contact", "by its name: email")));
  }
}
