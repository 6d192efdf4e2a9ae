/** Who asks, and what they may do and see. Every read and every action asks here first. */
@NullMarked
package io.ecluse.access;

import org.jspecify.annotations.NullMarked;
