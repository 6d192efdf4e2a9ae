@NullMarked
package io.ecluse.source.plugin;

import org.jspecify.annotations.NullMarked;
