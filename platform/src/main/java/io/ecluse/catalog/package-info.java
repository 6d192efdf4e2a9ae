/**
 * What there is and how it hangs together, once for all doors: tables, models, streams, batches,
 * DAGs, runs, dashboards. Its records are what the API answers; whoever may not see something is
 * told of nothing.
 */
@NullMarked
package io.ecluse.catalog;

import org.jspecify.annotations.NullMarked;
