package io.ecluse.source;

/**
 * A guess that a column holds personal data.
 *
 * @param category which kind, as project files name it
 * @param why what speaks for it; never a value
 */
public record PersonalGuess(String category, String why) {}
