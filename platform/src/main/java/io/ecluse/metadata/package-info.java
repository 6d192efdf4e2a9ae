@NullMarked
package io.ecluse.metadata;

import org.jspecify.annotations.NullMarked;
