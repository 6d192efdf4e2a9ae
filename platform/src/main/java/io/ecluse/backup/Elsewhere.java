package io.ecluse.backup;

import java.util.List;
import java.util.function.Supplier;

/**
 * Batches that are in a store that is not on this machine. A backup refers to them.
 *
 * @param environment whose they are
 * @param location of the store, for people
 * @param batches asks the store for the folders of those that are whole
 */
public record Elsewhere(String environment, String location, Supplier<List<String>> batches) {}
