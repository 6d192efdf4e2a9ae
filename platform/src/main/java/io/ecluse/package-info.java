@NullMarked
package io.ecluse;

import org.jspecify.annotations.NullMarked;
