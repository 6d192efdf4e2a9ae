@NullMarked
package io.ecluse.staging;

import org.jspecify.annotations.NullMarked;
