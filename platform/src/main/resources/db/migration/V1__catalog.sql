-- The Iceberg catalog, in the layout of Iceberg's own JdbcCatalog (version V1 of its schema), so that any
-- engine can join through that. The catalog's name is the environment.
CREATE TABLE iceberg_tables (
  catalog_name               varchar(255) NOT NULL,
  table_namespace            varchar(255) NOT NULL,
  table_name                 varchar(255) NOT NULL,
  metadata_location          varchar(1000),
  previous_metadata_location varchar(1000),
  iceberg_type               varchar(5),
  PRIMARY KEY (catalog_name, table_namespace, table_name)
);

CREATE TABLE iceberg_namespace_properties (
  catalog_name   varchar(255) NOT NULL,
  namespace      varchar(255) NOT NULL,
  property_key   varchar(255),
  property_value varchar(1000),
  PRIMARY KEY (catalog_name, namespace, property_key)
);

-- Tables that a run has written and not yet published: where the metadata is, and what was published when
-- the run began to write.
CREATE TABLE staged_table (
  run_id                 text NOT NULL,
  environment            text NOT NULL,
  namespace              text NOT NULL,
  name                   text NOT NULL,
  base_metadata_location text,
  metadata_location      text NOT NULL,
  PRIMARY KEY (run_id, namespace, name)
);
