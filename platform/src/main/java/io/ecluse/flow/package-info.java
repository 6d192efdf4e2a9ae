@NullMarked
package io.ecluse.flow;

import org.jspecify.annotations.NullMarked;
