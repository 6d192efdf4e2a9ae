@NullMarked
package io.ecluse.cli;

import org.jspecify.annotations.NullMarked;
