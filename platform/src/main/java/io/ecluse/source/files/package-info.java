@NullMarked
package io.ecluse.source.files;

import org.jspecify.annotations.NullMarked;
