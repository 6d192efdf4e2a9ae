/** A door for engines of others: Iceberg's REST protocol, free of any web server. */
@NullMarked
package io.ecluse.serve;

import org.jspecify.annotations.NullMarked;
