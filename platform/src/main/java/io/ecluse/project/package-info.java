@NullMarked
package io.ecluse.project;

import org.jspecify.annotations.NullMarked;
