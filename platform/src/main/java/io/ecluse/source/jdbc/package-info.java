@NullMarked
package io.ecluse.source.jdbc;

import org.jspecify.annotations.NullMarked;
