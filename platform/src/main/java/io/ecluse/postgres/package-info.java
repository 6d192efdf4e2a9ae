@NullMarked
package io.ecluse.postgres;

import org.jspecify.annotations.NullMarked;
