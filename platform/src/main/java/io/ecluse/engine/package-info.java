@NullMarked
package io.ecluse.engine;

import org.jspecify.annotations.NullMarked;
