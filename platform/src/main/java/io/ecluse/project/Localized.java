package io.ecluse.project;

/** Text for people, in the languages of the web app. */
public record Localized(String en, String fr) {
  public static final Localized EMPTY = new Localized("", "");

  /** The same words in every language. */
  public static Localized of(String text) {
    return new Localized(text, text);
  }
}
