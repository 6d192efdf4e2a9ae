@NullMarked
package io.ecluse.backup;

import org.jspecify.annotations.NullMarked;
