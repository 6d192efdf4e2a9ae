@NullMarked
package io.ecluse.transform;

import org.jspecify.annotations.NullMarked;
