@NullMarked
package io.ecluse.source;

import org.jspecify.annotations.NullMarked;
