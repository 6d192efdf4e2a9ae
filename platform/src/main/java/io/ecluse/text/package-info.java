/** How amounts are written for people, in tables, logs and files alike. */
@NullMarked
package io.ecluse.text;

import org.jspecify.annotations.NullMarked;
