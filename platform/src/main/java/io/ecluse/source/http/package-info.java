@NullMarked
package io.ecluse.source.http;

import org.jspecify.annotations.NullMarked;
