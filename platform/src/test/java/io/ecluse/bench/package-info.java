/** What {@code bench/} runs: programs that measure, never tests. */
@NullMarked
package io.ecluse.bench;

import org.jspecify.annotations.NullMarked;
