@NullMarked
package io.ecluse.decode;

import org.jspecify.annotations.NullMarked;
