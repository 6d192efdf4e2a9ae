package io.ecluse.demo;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/** Names of people and companies who do not exist. */
final class People {
  private static final List<String> WOMEN =
      words(
          """
          Adèle Agathe Alice Alix Amandine Amélie Anaïs Anna Assia Aurélie Axelle Camille Capucine Chloé Clara Clémence
          Constance Diane Éléonore Élise Emma Estelle Eva Fanny Fatou Faustine Flavie Garance Hanna Héloïse Inès Iris
          Jade Jeanne Julie Juliette Justine Laure Léa Lina Lise Lou Louise Lucie Maëlle Margaux Marie Marion Mathilde
          Maya Mélanie Myriam Nina Noémie Océane Ophélie Pauline Romane Rose Salomé Sarah Solène Sonia Valentine Zoé""");
  private static final List<String> MEN =
      words(
          """
          Aaron Adam Adrien Alban Alexis Amir Antoine Arthur Aubin Augustin Axel Baptiste Basile Bastien Benoît Brice
          Clément Corentin Damien David Dorian Élie Émile Enzo Étienne Evan Fabien Félix Florian Gabriel Gaspard Grégoire
          Guillaume Gurvan Hugo Ilan Ismaël Jules Julien Karim Kévin Léo Liam Loïc Louis Lucas Mahé Malo Marius Martin
          Mathis Maxime Mehdi Nathan Nicolas Noé Nolan Oscar Paul Quentin Raphaël Rayan Robin Romain Sacha Samuel Simon
          Théo Thibault Thomas Titouan Tom Tristan Valentin Victor Yanis Yoann""");
  private static final List<String> FAMILIES =
      words(
          """
          Abadie Allard Amar Andrieu Arnaud Aubert Aubry Bailly Barbier Baron Barre Bazin Benoit Berger Bernard Bertin
          Besson Blanchard Bodin Bonnet Boucher Bouvier Boyer Breton Brunet Camus Carlier Caron Carpentier Charpentier
          Chauvin Chevalier Clerc Colas Collet Collin Cordier Coulon Courtois Cousin Da-Silva Daniel David Delage Delmas
          Denis Deschamps Diallo Diop Dubois Duchesne Dufour Dumas Dupont Dupuy Durand Durieux Duval Étienne Fabre Faure
          Fernandez Ferrand Fontaine Fortin Fournier Gaillard Garcia Garnier Gauthier Georges Gérard Gilbert Girard Giraud
          Gomez Granger Guérin Guichard Guillot Guyot Hamel Henry Hervé Hubert Huet Jacquet Joly Jourdan Julien Kaci Keita
          Klein Lacroix Lambert Langlois Laporte Laurent Leblanc Leclerc Lecomte Ledoux Lefèvre Lefort Legall Legrand
          Lejeune Lelong Lemaire Lemoine Leroux Leroy Lopez Maillard Mallet Marchal Marchand Maréchal Marion Marty Mas
          Masson Mathieu Maurel Mercier Meunier Michaud Millet Monnier Moreau Morel Morin Moulin Muller Navarro Nguyen
          Nicolas Noël Olivier Pages Paris Parent Pelletier Perret Perrier Perrot Petit Picard Pichon Pierre Poirier Pons
          Poulain Prévost Rémy Renard Renaud Rey Reynaud Ribeiro Richard Rivière Robert Robin Roche Roger Rolland Rousseau
          Roussel Roux Roy Royer Salmon Sanchez Sauvage Schmitt Simon Tanguy Tessier Texier Thomas Tran Vasseur Vidal
          Vincent Voisin Weber""");
  private static final List<String> BRANDS =
      words(
          """
          Abyane Alcyor Ambrix Arvelo Astrel Belvio Bruneo Calypt Cendra Coralt Dalmo Delvia Ecluz Elvara Fabrio Felizo
          Galdor Givria Haltea Hexalo Ilvane Jolvia Kermel Kortex Lavoze Lumeka Maldox Merovi Nacrel Novelp Ocelia Orvalt
          Palmio Pervan Quadra Quilys Ravelo Rivaxo Saltec Sylveo Tarmac Telvox Urbalo Valmor Velizo Xanteo Yvorel Zephal""");
  private static final List<String> TRADES =
      List.of(
          "Conseil",
          "Énergie",
          "Assurances",
          "Logiciels",
          "Transports",
          "Santé",
          "Banque",
          "Industrie",
          "Médias",
          "Distribution",
          "Télécoms",
          "Bâtiment");

  private People() {}

  /** Gender as the ERP writes it. */
  enum Gender {
    MME("Mme"),
    M("M.");

    private final String written;

    Gender(String written) {
      this.written = written;
    }

    String written() {
      return written;
    }
  }

  /** A person's name. */
  record Name(String first, String last, Gender gender) {
    /** Both names in plain letters, as {@code elodie.da-silva}. */
    String plain() {
      String letters = Normalizer.normalize(first + "." + last, Normalizer.Form.NFD);
      StringBuilder plain = new StringBuilder(letters.length());
      for (int i = 0; i < letters.length(); i++) {
        if (letters.charAt(i) < 128) {
          plain.append(letters.charAt(i));
        }
      }
      return plain.toString().toLowerCase(Locale.ROOT);
    }
  }

  static Name name(Draw draw) {
    Gender gender = draw.chance(0.36) ? Gender.MME : Gender.M;
    String first = draw.oneOf(gender == Gender.MME ? WOMEN : MEN);
    return new Name(first, draw.oneOf(FAMILIES), gender);
  }

  static String brand(Draw draw) {
    return draw.oneOf(BRANDS);
  }

  static List<String> trades() {
    return TRADES;
  }

  private static List<String> words(String text) {
    return List.of(text.split("\\s+"));
  }
}
