package io.ecluse.source;

import io.ecluse.schema.DataType;
import io.ecluse.staging.StagedColumn;
import java.text.Normalizer;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Guesses from names, in French and English, which columns hold personal data. It errs on the side
 * of marking: a person takes a mark away more easily than they find what is missing.
 *
 * @param ofPeople whether the table is about people, so that a plain {@code name} is one's own
 */
public record PersonalNames(boolean ofPeople) {
  /** Words that mean a category; a word matches whole, accents, case and separators aside. */
  private record Rule(String category, List<String> words) {
    static Rule of(String category, String words) {
      return new Rule(category, List.of(words.split(", ")));
    }

    Optional<String> word(String name) {
      return words.stream().filter(w -> name.contains(" " + w + " ")).findFirst();
    }
  }

  private static final String BIRTH = "birth";

  /** Always personal. The first that matches counts. */
  private static final List<Rule> STRONG =
      List.of(
          Rule.of(
              "credentials",
              "password, passwd, pwd, passwordhash, mot de passe, motdepasse, mdp, api key, secret key"),
          Rule.of(
              "national_id",
              "nir, nss, ssn, social security, securite sociale, secu, numsecu, numero insee, ine, passport, passeport, cni, carte identite, carte d identite, piece identite, identity card, national id, tax id, numero fiscal, driving licence, permis conduire, permis de conduire"),
          Rule.of(
              "bank",
              "iban, bic, rib, compte bancaire, bank account, account number, card number, numero carte, carte bancaire, credit card"),
          Rule.of(
              "health",
              "sante, health, handicap, disability, maladie, illness, allergie, allergies, allergy, groupe sanguin, blood type, medical, medecin"),
          Rule.of(
              "sensitive",
              "religion, ethnie, ethnicity, race, syndicat, trade union, orientation sexuelle, sexual orientation, casier judiciaire, criminal record"),
          Rule.of(
              BIRTH,
              "date naissance, date de naissance, datenaissance, date naiss, datenaiss, dnaiss, naissance, ne le, birth, birthdate, birthday, birthplace, date of birth, dob, dateofbirth, lieu naissance, lieu de naissance"),
          Rule.of(
              "contact",
              "email, e mail, mail, courriel, mel, telephone, telephones, tel, phone, phonenumber, telephone number, mobile, gsm, fax, adresse postale, home address"),
          Rule.of(
              "online",
              "ip, ip address, ipaddress, adresse ip, user agent, useragent, cookie, mac address, adresse mac, device id, login, username, user name, identifiant connexion, pseudo, nickname, linkedin, twitter, skype"),
          Rule.of(
              "identity",
              "first name, firstname, given name, givenname, last name, lastname, surname, family name, familyname, middle name, maiden name, full name, fullname, display name, prenom, prenoms, nom prenom, nom famille, nom de famille, nom usage, nom d usage, nom naissance, nom de naissance, nom jeune fille, nom de jeune fille, patronyme, civilite, gender, sexe, sex, nationalite, nationality, photo, avatar, signature"),
          Rule.of(
              "family",
              "situation familiale, situation matrimoniale, etat civil, marital status, conjoint, spouse, nombre enfants, nb enfants, children, nom pere, nom mere, father, mother, emergency contact"));

  /** Personal in a table that is about people. */
  private static final List<Rule> OF_PEOPLE =
      List.of(
          Rule.of("identity", "nom, noms, name, names, genre, initiales, initials"),
          Rule.of(
              "contact",
              "adresse, adresse1, adresse2, address, address1, address2, rue, street, ville, city, town, code postal, codepostal, cp, postal code, postcode, zip, zipcode, zip code, portable"),
          Rule.of(BIRTH, "age"),
          Rule.of("location", "latitude, longitude, lat, lng, lon, gps"),
          Rule.of("finance", "salaire, salary, remuneration, wage, revenu, income"));

  private static final Set<String> PEOPLE =
      Set.of(
          ("student etudiant eleve apprenant alumnus alumni user utilisateur people person personne"
                  + " individu individual contact customer client employee employe salarie staff"
                  + " personnel professor professeur prof enseignant teacher formateur intervenant"
                  + " member membre adherent patient candidat candidate applicant prospect audience"
                  + " parent tuteur stagiaire inscrit participant subscriber abonne author auteur"
                  + " doctor medecin resident habitant citizen citoyen donor donateur passenger")
              .split(" "));

  private static final Set<DataType.Kind> TIMES =
      Set.of(DataType.Kind.DATE, DataType.Kind.TIMESTAMP, DataType.Kind.TIMESTAMPTZ);
  private static final Set<DataType.Kind> WHOLE =
      Set.of(DataType.Kind.INTEGER, DataType.Kind.BIGINT);

  /**
   * The columns of a table of which names are all that is known.
   *
   * @param landing what is to be known of how a column lands
   */
  public static List<Discovery.FoundColumn> found(
      String table, List<StagedColumn> columns, Function<StagedColumn, Optional<String>> landing) {
    PersonalNames personal = forTable(table, columns.stream().map(c -> c.column().name()).toList());
    return columns.stream()
        .map(
            c ->
                new Discovery.FoundColumn(
                    c, "", landing.apply(c), personal.guess(c.column().name(), c.column().type())))
        .toList();
  }

  /** For a table of this name and with these columns. */
  public static PersonalNames forTable(String table, Collection<String> columns) {
    boolean named =
        List.of(plain(table).strip().split(" ")).stream()
            .anyMatch(w -> PEOPLE.contains(w) || PEOPLE.contains(w.replaceAll("(s|x)$", "")));
    boolean described =
        columns.stream()
            .flatMap(c -> guess(STRONG, plain(c)).stream())
            .anyMatch(g -> Set.of("identity", BIRTH, "national_id").contains(g.category()));
    return new PersonalNames(named || described);
  }

  /** What the name and type of a column suggest. */
  public Optional<PersonalGuess> guess(String column, DataType type) {
    if (type.kind() == DataType.Kind.BOOLEAN) {
      return Optional.empty();
    }
    String name = plain(column);
    return guess(STRONG, name)
        .or(() -> ofPeople ? guess(OF_PEOPLE, name) : Optional.empty())
        .filter(g -> fits(g.category(), name, type));
  }

  /** email_sent_at is a time, email_id points elsewhere, nb_emails counts: none is an address. */
  private static boolean fits(String category, String name, DataType type) {
    if (TIMES.contains(type.kind())) {
      return category.equals(BIRTH);
    }
    boolean pointsOrCounts =
        WHOLE.contains(type.kind())
            && (name.endsWith(" id ") || name.matches(" (nb|nombre|count) .*|.* count "));
    return !pointsOrCounts || category.equals("national_id") || category.equals("family");
  }

  private static Optional<PersonalGuess> guess(List<Rule> rules, String name) {
    for (Rule rule : rules) {
      Optional<String> word = rule.word(name);
      if (word.isPresent()) {
        return Optional.of(new PersonalGuess(rule.category(), "by its name: " + word.get()));
      }
    }
    return Optional.empty();
  }

  /** Words in lower case without accents, a space before, between and after them. */
  private static String plain(String name) {
    String words = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ");
    return " "
        + Normalizer.normalize(words, Normalizer.Form.NFD)
            .replaceAll("\\p{M}", "")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", " ")
            .strip()
        + " ";
  }
}
