@NullMarked
package io.ecluse.storage;

import org.jspecify.annotations.NullMarked;
