@NullMarked
package io.ecluse.query;

import org.jspecify.annotations.NullMarked;
