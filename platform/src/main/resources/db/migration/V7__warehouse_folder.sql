-- Where the warehouse of an environment is, and who it is: a project that was moved or copied finds its files by
-- the folder that it has now, and deletes none that another catalog has put there.
CREATE TABLE warehouse_folder (
  environment text PRIMARY KEY,
  catalog_id  uuid NOT NULL DEFAULT gen_random_uuid(),
  location    text NOT NULL
);

-- Where it was before: what metadata say to be there is in the folder of now.
CREATE TABLE former_warehouse_folder (
  environment text NOT NULL,
  location    text NOT NULL,
  PRIMARY KEY (environment, location)
);
