@NullMarked
package io.ecluse.warehouse;

import org.jspecify.annotations.NullMarked;
