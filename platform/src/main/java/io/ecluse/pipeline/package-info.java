@NullMarked
package io.ecluse.pipeline;

import org.jspecify.annotations.NullMarked;
