/**
 * Clusters of Amazon EMR: found or made, the steps that run on them, what they cost, and that none
 * is left behind.
 */
@org.jspecify.annotations.NullMarked
package io.ecluse.emr;
