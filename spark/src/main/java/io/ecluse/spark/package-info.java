/** The work of runs on Apache Spark, for data that outgrew one machine. */
@NullMarked
package io.ecluse.spark;

import org.jspecify.annotations.NullMarked;
