@NullMarked
package io.ecluse.disk;

import org.jspecify.annotations.NullMarked;
