@NullMarked
package io.ecluse.dashboard;

import org.jspecify.annotations.NullMarked;
