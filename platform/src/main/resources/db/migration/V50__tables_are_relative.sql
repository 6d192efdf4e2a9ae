-- Where tables are is said from the folder of their environment, so that a warehouse that is elsewhere now is found by
-- that folder alone. Other engines read and write the rows as before, as Iceberg's JdbcCatalog has them: whole locations.
ALTER TABLE iceberg_tables RENAME TO catalog_table;

-- Those that are in the folder, or in one that it was before, or, from before folders were written down, in any that
-- looks like one: ROOT/SCHEMA/TABLE/metadata/FILE. What another engine has elsewhere stays as it is.
CREATE TEMP TABLE moved AS
SELECT environment, location || '/' AS root FROM warehouse_folder
UNION SELECT environment, location || '/' FROM former_warehouse_folder
UNION SELECT catalog_name, regexp_replace(metadata_location, '[^/]+/[^/]+/metadata/[^/]+$', '')
  FROM catalog_table
  WHERE metadata_location ~ '^/.+/[^/]+/[^/]+-[0-9a-f]{8}/metadata/[^/]+$'
    AND catalog_name NOT IN (SELECT environment FROM warehouse_folder);

UPDATE catalog_table t SET metadata_location = coalesce((
  SELECT substr(t.metadata_location, length(m.root) + 1) FROM moved m
  WHERE m.environment = t.catalog_name AND starts_with(t.metadata_location, m.root)
  ORDER BY length(m.root) DESC LIMIT 1), t.metadata_location);
UPDATE catalog_table t SET previous_metadata_location = coalesce((
  SELECT substr(t.previous_metadata_location, length(m.root) + 1) FROM moved m
  WHERE m.environment = t.catalog_name AND starts_with(t.previous_metadata_location, m.root)
  ORDER BY length(m.root) DESC LIMIT 1), t.previous_metadata_location);
UPDATE staged_table t SET metadata_location = coalesce((
  SELECT substr(t.metadata_location, length(m.root) + 1) FROM moved m
  WHERE m.environment = t.environment AND starts_with(t.metadata_location, m.root)
  ORDER BY length(m.root) DESC LIMIT 1), t.metadata_location);
UPDATE staged_table t SET base_metadata_location = coalesce((
  SELECT substr(t.base_metadata_location, length(m.root) + 1) FROM moved m
  WHERE m.environment = t.environment AND starts_with(t.base_metadata_location, m.root)
  ORDER BY length(m.root) DESC LIMIT 1), t.base_metadata_location);

DROP TABLE moved;

CREATE VIEW iceberg_tables AS
SELECT c.catalog_name, c.table_namespace, c.table_name,
  (CASE WHEN c.metadata_location ~ '^([A-Za-z][A-Za-z0-9+.-]*:|/)' THEN ''
    ELSE coalesce(f.location || '/', '') END || c.metadata_location)::varchar(1000) AS metadata_location,
  (CASE WHEN c.previous_metadata_location ~ '^([A-Za-z][A-Za-z0-9+.-]*:|/)' THEN ''
    ELSE coalesce(f.location || '/', '') END || c.previous_metadata_location)::varchar(1000) AS previous_metadata_location,
  c.iceberg_type
FROM catalog_table c LEFT JOIN warehouse_folder f ON f.environment = c.catalog_name;

-- A change that names what another has changed meanwhile changes nothing, as in a table.
CREATE FUNCTION change_iceberg_tables() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  root text := coalesce((SELECT location || '/' FROM warehouse_folder
    WHERE environment = CASE WHEN TG_OP = 'DELETE' THEN OLD.catalog_name ELSE NEW.catalog_name END), '');
  before text;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    before := CASE WHEN starts_with(OLD.metadata_location, root) THEN substr(OLD.metadata_location, length(root) + 1)
      ELSE OLD.metadata_location END;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    IF starts_with(NEW.metadata_location, root) THEN
      NEW.metadata_location := substr(NEW.metadata_location, length(root) + 1);
    END IF;
    IF starts_with(NEW.previous_metadata_location, root) THEN
      NEW.previous_metadata_location := substr(NEW.previous_metadata_location, length(root) + 1);
    END IF;
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO catalog_table VALUES (NEW.*);
    RETURN NEW;
  ELSIF TG_OP = 'UPDATE' THEN
    UPDATE catalog_table c
    SET catalog_name = NEW.catalog_name, table_namespace = NEW.table_namespace, table_name = NEW.table_name,
      metadata_location = NEW.metadata_location, previous_metadata_location = NEW.previous_metadata_location,
      iceberg_type = NEW.iceberg_type
    WHERE c.catalog_name = OLD.catalog_name AND c.table_namespace = OLD.table_namespace
      AND c.table_name = OLD.table_name AND c.metadata_location IS NOT DISTINCT FROM before;
    RETURN CASE WHEN FOUND THEN NEW END;
  END IF;
  DELETE FROM catalog_table c
  WHERE c.catalog_name = OLD.catalog_name AND c.table_namespace = OLD.table_namespace
    AND c.table_name = OLD.table_name AND c.metadata_location IS NOT DISTINCT FROM before;
  RETURN CASE WHEN FOUND THEN OLD END;
END $$;

CREATE TRIGGER change INSTEAD OF INSERT OR UPDATE OR DELETE ON iceberg_tables
FOR EACH ROW EXECUTE FUNCTION change_iceberg_tables();
