/** Names, columns and types: the words in which every stage speaks of a table. Pure. */
@NullMarked
package io.ecluse.schema;

import org.jspecify.annotations.NullMarked;
