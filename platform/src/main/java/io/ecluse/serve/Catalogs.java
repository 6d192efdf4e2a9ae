package io.ecluse.serve;

import io.ecluse.warehouse.Fence;
import io.ecluse.warehouse.OpenCatalog;
import io.ecluse.warehouse.OpenJob;
import io.ecluse.warehouse.Warehouse;
import java.util.Map;

/** The catalogs that there are. */
public interface Catalogs {
  OpenCatalog published();

  /**
   * What a run has, over what is published.
   *
   * @param fence behind which it is changed
   * @param job who asks
   */
  OpenCatalog ofRun(String runId, Fence fence, OpenJob job);

  /** What clients need to know to get at the files; never a secret. */
  Map<String, String> access();

  /** Those of a warehouse. */
  static Catalogs of(Warehouse warehouse) {
    return new Catalogs() {
      @Override
      public OpenCatalog published() {
        return warehouse.open();
      }

      @Override
      public OpenCatalog ofRun(String runId, Fence fence, OpenJob job) {
        return warehouse.behind(fence).open(runId, job);
      }

      @Override
      public Map<String, String> access() {
        return warehouse.access();
      }
    };
  }
}
