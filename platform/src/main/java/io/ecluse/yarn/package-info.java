/**
 * Hadoop's YARN: what its machines need of Spark is brought to them once, and applications there
 * are found again by the words that they were submitted with.
 */
@org.jspecify.annotations.NullMarked
package io.ecluse.yarn;
