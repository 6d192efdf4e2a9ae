/**
 * How amounts are written for people, in tables, logs and files alike, and what stands for a text.
 */
@NullMarked
package io.ecluse.text;

import org.jspecify.annotations.NullMarked;
