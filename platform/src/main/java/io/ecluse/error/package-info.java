@NullMarked
package io.ecluse.error;

import org.jspecify.annotations.NullMarked;
