@NullMarked
package io.ecluse.web;

import org.jspecify.annotations.NullMarked;
