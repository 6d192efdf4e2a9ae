@NullMarked
package io.ecluse.demo;

import org.jspecify.annotations.NullMarked;
