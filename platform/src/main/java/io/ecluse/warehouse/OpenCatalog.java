package io.ecluse.warehouse;

/** What there is for engines of others, by kind. */
public record OpenCatalog(
    OpenTables tables,
    OpenViews views,
    RunNamespaces namespaces,
    OpenFiles files,
    MadeRequests requests) {}
