@NullMarked
package io.ecluse.duckdb;

import org.jspecify.annotations.NullMarked;
