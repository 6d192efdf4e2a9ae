package io.ecluse.serve;

import io.ecluse.warehouse.Fence;
import io.ecluse.warehouse.OpenCatalog;
import io.ecluse.warehouse.Warehouse;

/** The catalogs that there are. */
public interface Catalogs {
  OpenCatalog published();

  /**
   * What a run has, over what is published.
   *
   * @param fence behind which it is changed
   */
  OpenCatalog ofRun(String runId, Fence fence);

  /** Those of a warehouse. */
  static Catalogs of(Warehouse warehouse) {
    return new Catalogs() {
      @Override
      public OpenCatalog published() {
        return warehouse.open();
      }

      @Override
      public OpenCatalog ofRun(String runId, Fence fence) {
        return warehouse.behind(fence).open(runId);
      }
    };
  }
}
