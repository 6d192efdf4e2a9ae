@NullMarked
package io.ecluse.source.postgres;

import org.jspecify.annotations.NullMarked;
