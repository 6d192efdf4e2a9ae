@NullMarked
package io.ecluse.scheduler;

import org.jspecify.annotations.NullMarked;
