/** Apache Spark, in processes of its own: clusters, applications on them, their jobs and door. */
@org.jspecify.annotations.NullMarked
package io.ecluse.spark;
